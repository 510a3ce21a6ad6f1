import { DEV } from "#dev";
import { TidewireError } from "../error.ts";

/** What a decoder calls while it is fed. */
export interface SseDecoderOptions {
  /** One event. `type` is "message" when the stream named none; `id` is the last event id, which outlives its event. */
  readonly onEvent: (data: string, type: string, id: string) => void;
  /** The last event id was named anew: before the event that named it, or by a block without data. */
  readonly onId?: ((id: string) => void) | undefined;
  /** The server's base delay between dials, in milliseconds. */
  readonly onRetry?: ((ms: number) => void) | undefined;
  readonly onComment?: ((text: string) => void) | undefined;
  /** The most characters that one event, or one line of it, may hold. Default 1 048 576. */
  readonly maxBufferSize?: number | undefined;
}

/** Turns the text of one event stream into events, as the HTML standard has it. */
export interface SseDecoder {
  /** Takes the next piece of text, cut anywhere. Throws `too-large` for what outgrows `maxBufferSize`: the stream is then over. */
  feed(text: string): void;
}

/** Makes the decoder of one stream. `lastEventId` is where an earlier stream ended. What its end leaves unfinished is dropped. */
export function createSseDecoder(options: SseDecoderOptions, lastEventId = ""): SseDecoder {
  const { onEvent, onId, onRetry, onComment, maxBufferSize = 1_048_576 } = options;
  /** The line that is not finished. */
  let rest = "";
  /** What means nothing at the start of the next piece: a byte order mark first of all, then the other half of a CRLF. */
  let skip = "\uFEFF";
  /** Of the block that is not finished: undefined where it did not say. */
  let data: string | undefined;
  let type = "message";
  let id: string | undefined;

  function bound(held: string): string {
    if (held.length <= maxBufferSize) return held;
    throw new TidewireError("too-large", DEV && `One event exceeds ${maxBufferSize} characters.`);
  }

  function field(line: string): void {
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    if (name === "data") put(value);
    else if (name === "event") type = value || "message";
    else if (name === "id") id = value.includes("\0") ? id : value;
    else if (colon === 0) onComment?.(value);
    else if (name === "retry" && /^\d+$/.test(value)) onRetry?.(Number(value));
  }

  function put(value: string): void {
    data = bound(data === undefined ? value : `${data}\n${value}`);
  }

  function dispatch(): void {
    if (id !== undefined) {
      lastEventId = id;
      onId?.(id);
    }
    if (data !== undefined) onEvent(data, type, lastEventId);
    data = id = undefined;
    type = "message";
  }

  return {
    feed(chunk) {
      if (!chunk) return;
      let text = chunk[0] === skip ? chunk.slice(1) : chunk;
      skip = "";
      if (text.includes("\r")) {
        if (text.endsWith("\r")) skip = "\n";
        text = text.replace(/\r\n?/g, "\n");
      }
      // Pieces without a line end are only strung together, and made one text when their line ends: no byte is looked at twice.
      if (rest && text.includes("\n")) {
        text = rest + text;
        rest = "";
      }
      let at = 0;
      for (;;) {
        const end = text.indexOf("\n", at);
        if (end < 0) break;
        if (end > at) {
          // Nearly every line: not cut out first, and its name not compared twice.
          if (text.startsWith("data: ", at)) put(text.slice(at + 6, end));
          else field(text.slice(at, end));
          at = end + 1;
        }
        // Nearly every event is one line: the blank one behind it is not searched for.
        if (text[at] === "\n") {
          dispatch();
          at += 1;
        }
      }
      if (at < text.length) rest = bound(rest + text.slice(at));
    },
  };
}
