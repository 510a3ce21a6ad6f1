import { TidewireError } from "@tidewire/wire";
import type { LineEnd } from "./transport.ts";

/** The end of a line by what was thrown while it opened or was read. */
export function endOfThrown(cause: unknown, name: string): LineEnd {
  const error =
    cause instanceof TidewireError
      ? cause
      : new TidewireError("network", `${name} cannot be reached, or was cut.`, { cause });
  return { how: error.isFinal ? "failed" : "lost", error };
}
