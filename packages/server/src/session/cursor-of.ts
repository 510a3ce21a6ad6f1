import type { Cursor, Sub } from "@tidewire/wire";

/** Where a client says that it stands; undefined at its first visit. */
export function cursorOf({ e, o }: Sub): Cursor | undefined {
  return e === undefined || o === undefined ? undefined : { e, o };
}
