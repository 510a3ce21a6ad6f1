import { DEV } from "@tidewire/wire";

let didWarn = false;

/** Puts a token where logs, proxies and histories see it, and says so once in development. */
export function putTokenInUrl(url: URL, param: string, token: string): void {
  url.searchParams.set(param, token);
  if (DEV && !didWarn) {
    didWarn = true;
    console.warn(`[tidewire] The token is in the URL, as \`${param}\`: it ends up in logs.`);
  }
}
