import { optionInvalid } from "@tidewire/wire";

/** Where to dial. A function is asked at each dial, so that what goes stale in an address can be made anew. */
export type Address = string | URL | (() => string | URL | Promise<string | URL>);

/** A value, or a function that is asked for it at each dial. */
export type AtEachDial<T> = T | (() => T | Promise<T>);

/** The value for this dial. */
export function atThisDial<T>(value: AtEachDial<T> | undefined): T | undefined | Promise<T> {
  return typeof value === "function" ? (value as () => T | Promise<T>)() : value;
}

/** The absolute form of an address; a path counts from the page. Throws where there is no page to count from. */
export function absolute(address: string | URL): URL {
  const base = typeof location === "undefined" ? undefined : location.href;
  try {
    return new URL(address, base);
  } catch {
    throw optionInvalid(
      base === undefined
        ? `"${address}" is a path, and there is no page that it counts from: give the whole URL.`
        : `"${address}" is not a URL.`,
    );
  }
}

/** True for ws: and wss: addresses. A function is not asked before the first dial: it means SSE unless the caller says otherwise. */
export function isWebSocketAddress(address: Address): boolean {
  return typeof address !== "function" && /^wss?:/i.test(String(address));
}
