declare const process: { readonly env: { readonly NODE_ENV?: string } };

let didWarn = false;

/** Puts a token where logs, proxies and histories see it, and says so once in development. */
export function putTokenInUrl(url: URL, param: string, token: string): void {
  url.searchParams.set(param, token);
  if (didWarn || isProduction()) return;
  didWarn = true;
  console.warn(`[tidewire] The token is in the URL, as \`${param}\`: it ends up in logs.`);
}

/** Bundlers write the value of NODE_ENV into the code; a page without a bundler has no `process` at all. */
function isProduction(): boolean {
  try {
    return process.env.NODE_ENV === "production";
  } catch {
    return false;
  }
}
