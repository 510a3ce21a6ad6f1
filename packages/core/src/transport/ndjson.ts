import { TidewireError } from "@tidewire/wire";
import type { Address } from "./address.ts";
import { type HttpOptions, httpTransport } from "./http.ts";
import type { LineEvents, Transport } from "./transport.ts";

/** How a stream of lines is asked for. */
export interface NdjsonOptions extends Omit<HttpOptions, "lastEventIdParam"> {}

/**
 * Newline-delimited JSON over a streaming `fetch`: each line is one message, empty lines are a sign of life alone.
 * The format has no ids, so a new dial begins where the server does.
 */
export function ndjson(address: Address, options: NdjsonOptions = {}): Transport {
  return httpTransport(address, options, {
    kind: "ndjson",
    contentTypes: ["application/x-ndjson", "application/ndjson", "application/jsonl"],
    decoder: (events, _lastEventId, { maxMessageLength = 1_048_576 }) => lineDecoder(events, maxMessageLength),
  });
}

function lineDecoder({ message, alive }: LineEvents, maxLength: number) {
  /** The line that is not finished, in the pieces that it came in: joined once, however many there are. */
  let pieces: string[] = [];
  let length = 0;

  function keep(piece: string): void {
    length += piece.length;
    if (length > maxLength) throw new TidewireError("too-large", `One line exceeds ${maxLength} characters.`);
    pieces.push(piece);
  }
  function tell(): void {
    const line = pieces.join("").trim();
    pieces = [];
    length = 0;
    if (line === "") alive(true);
    else message(line, "message", "");
  }
  return {
    feed(text: string): void {
      const lines = text.split("\n");
      const unfinished = lines.pop() as string;
      for (const line of lines) {
        keep(line);
        tell();
      }
      keep(unfinished);
    },
    end: tell,
  };
}
