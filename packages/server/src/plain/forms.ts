import { encodeSse } from "@tidewire/wire";
import type { Form } from "../line.ts";

/** How an adapter makes bytes. */
export type Framing = Pick<Form, "seal" | "join">;

/** Plain event streams: `event:` is the topic, `id:` the reader's vector, data the JSON payload. */
export function plainSse(name: string, framing: Framing): Form {
  return {
    name,
    needsId: true,
    message: ({ name: event }, { payload }, id) => encodeSse({ event, id, data: payload }),
    gap: ({ topic, from, to, why }, id) =>
      encodeSse({ event: "gap", id, data: JSON.stringify({ topic, from, to, why }) }),
    place: (id) => encodeSse({ id }), // without data: no event, but the browser keeps the id
    ...framing,
  };
}

/** A plain WebSocket with one topic: payloads as they are. It has no word for a gap. */
export function plainSolo(name: string, framing: Framing): Form {
  return { name, needsId: false, message: (_topic, { payload }) => payload, gap: () => undefined, ...framing };
}

/** A plain WebSocket with several topics: `{topic, data}`, and `{topic, gap}` where history is lost. */
export function plainMany(name: string, framing: Framing): Form {
  return {
    name,
    needsId: false,
    message: (topic, { payload }) => `{"topic":${JSON.stringify(topic.name)},"data":${payload}}`,
    gap: ({ topic, from, to, why }) => JSON.stringify({ topic, gap: { from, to, why } }),
    ...framing,
  };
}
