import { encodeSse } from "@tidewire/wire";
import type { Form } from "../line.ts";
import type { Framing } from "../plain/forms.ts";

/** Frames of the protocol: a text is one frame. */
export function tidewireForm(name: string, framing: Framing): Form {
  return {
    name,
    needsId: false,
    message: ({ number }, { o, p, payload }) => `[${number},${o},${p},${payload}]`,
    gap: ({ topic, e, from, to, why }) => JSON.stringify({ k: "gap", t: topic, e, from, to, why }),
    live: (topic, o) => JSON.stringify({ k: "live", t: topic, o }),
    ...framing,
  };
}

/** A batch as one event of a stream. */
export function batchAsSse(frames: readonly string[]): string {
  return encodeSse({ data: frames.join("\n") });
}
