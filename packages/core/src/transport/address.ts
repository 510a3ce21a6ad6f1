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
  try {
    return new URL(address, globalThis.location?.href);
  } catch {
    throw optionInvalid(`"${address}" is not a whole URL.`);
  }
}

/** What a line to this address is called in messages. */
export function lineName(kind: string, address: Address): string {
  return `${kind} ${typeof address === "function" ? "(made at each dial)" : address}`;
}

/** True for ws: and wss: addresses. A function is not asked before the first dial: it means SSE unless the caller says otherwise. */
export function isWebSocketAddress(address: Address): boolean {
  return typeof address !== "function" && /^wss?:/i.test(String(address));
}
