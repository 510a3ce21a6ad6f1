import { DEV, TidewireError } from "@tidewire/wire";
import { guess } from "./mistake.ts";
import type { LineEnd } from "./transport.ts";

/** The end of a line by what was thrown while it opened or was read. */
export function endOfThrown(cause: unknown, name: string): LineEnd {
  const text = `${name}: ${DEV ? `cannot be reached, or was cut.${guess(name)}` : "network"}`;
  return { error: cause instanceof TidewireError ? cause : new TidewireError("network", text, { cause }) };
}
