/**
 * Whether words are wanted that help whoever writes the program: advice in errors, warnings. A bundler that resolves
 * for `production` takes `dev-production.ts` in place of this, and leaves them out; elsewhere, and always in Node, NODE_ENV decides.
 */
export const DEV: boolean =
  (globalThis as { process?: { env?: { NODE_ENV?: string } } }).process?.env?.NODE_ENV !== "production";
