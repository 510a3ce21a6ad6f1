import { createSseDecoder, decodeDown } from "@tidewire/wire";
import type { Answer } from "./driver.ts";

/** One event of a stream. */
export interface SeenEvent {
  readonly type: string;
  readonly id: string;
  readonly data: string;
}

/** Reads an answer as an event stream, piece by piece. */
export function readEvents({ body }: Answer) {
  const events: SeenEvent[] = [];
  const comments: string[] = [];
  let lastEventId = "";
  const decoder = createSseDecoder({
    onId: (id) => {
      lastEventId = id;
    },
    onEvent: (data, type, id) => events.push({ type, id, data }),
    onComment: (text) => comments.push(text),
    maxBufferSize: 1e8,
  });
  const chunks = body.setEncoding("utf8")[Symbol.asyncIterator]();
  const read = async (): Promise<boolean> => {
    const { done, value } = await chunks.next();
    if (!done) decoder.feed(value);
    return !done;
  };
  return {
    events,
    comments,
    read,
    /** What a browser would come back with. */
    get lastEventId() {
      return lastEventId;
    },
    /** Waits for the next `count` events. */
    async take(count: number): Promise<SeenEvent[]> {
      while (events.length < count)
        if (!(await read())) throw new Error(`the stream ended after ${events.length} events`);
      return events.splice(0, count);
    },
    /** Reads until an event's data holds `text`. */
    async until(text: string): Promise<SeenEvent[]> {
      while (!events.some(({ data }) => data.includes(text))) if (!(await read())) throw new Error("the stream ended");
      return events.splice(0);
    },
  };
}

/** Reads an answer whole. */
export async function readText({ body }: Answer): Promise<string> {
  let text = "";
  for await (const chunk of body.setEncoding("utf8")) text += chunk;
  return text;
}

/** The frames of some events of the protocol. */
export function framesOf(events: readonly { readonly data: string }[]): unknown[] {
  return events.flatMap(({ data }) => decodeDown(data) ?? []);
}
