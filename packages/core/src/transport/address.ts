import { DEV, optionInvalid } from "@tidewire/wire";

/** Where to dial. A function is asked at each dial, so that what goes stale in an address can be made anew. */
export type Address = string | URL | (() => string | URL | Promise<string | URL>);

/** A value, or a function that is asked for it at each dial. */
export type AtEachDial<T> = T | (() => T | Promise<T>);

/** The value for this dial. */
export function atThisDial<T>(value: AtEachDial<T> | undefined): T | undefined | Promise<T> {
  return typeof value === "function" ? (value as () => T | Promise<T>)() : value;
}

/** The absolute form of an address; a path counts from the page. Throws for what no dial can reach. */
export function absolute(address: string | URL, page: string | undefined = globalThis.location?.href): URL {
  let url: URL | undefined;
  try {
    url = new URL(address, page);
  } catch {} // said below, with the fix
  if (url && /^(http|ws)s?:/.test(url.protocol)) return url;
  throw optionInvalid(DEV && `"${address}" is not a whole http(s) or ws(s) URL.`);
}

/** What a line to this address is called in messages. Throws at once for an address that no page could make whole. */
export function lineName(kind: string, address: Address): string {
  if (typeof address === "function") return kind;
  absolute(address, "http://a"); // any page will do: on a server a path may wait for its own
  return `${kind} ${address}`;
}

/** True for ws: and wss: addresses. A function is not asked before the first dial: it means SSE unless the caller says otherwise. */
export function isWebSocketAddress(address: Address): boolean {
  return typeof address !== "function" && /^wss?:/i.test(String(address));
}
