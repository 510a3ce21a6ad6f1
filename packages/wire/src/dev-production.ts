/** In place of `dev.ts` where the bundler resolves for `production`: a constant, so that what hangs on it is left out. */
export const DEV: boolean = false;
