/** For `expect.poll`: long enough for a busy machine, and looked at often, for a test that works never waits for long. */
export const SOON: { readonly timeout: number; readonly interval: number } = { timeout: 4000, interval: 5 };
