import { createParser } from "eventsource-parser";
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
  /** The most characters one unfinished event may hold. Default 1 048 576. */
  readonly maxBufferSize?: number | undefined;
}

/** Turns the text of an event stream into events, as the HTML standard has it. */
export interface SseDecoder {
  /**
   * Takes the next piece of text, cut anywhere. Throws `too-large` once an event outgrows `maxBufferSize`,
   * and takes nothing more until `reset()`.
   */
  feed(text: string): void;
  /** Begins a new stream: an unfinished event is dropped and the last event id is kept, as across reconnects. */
  reset(): void;
  /** What the next dial sends as `Last-Event-ID`; "" when there is nothing to resume from. */
  readonly lastEventId: string;
}

/** Makes a decoder. `lastEventId` is where an earlier stream ended. */
export function createSseDecoder(options: SseDecoderOptions, lastEventId = ""): SseDecoder {
  const { onEvent, onId, onRetry, onComment, maxBufferSize = 1_048_576 } = options;
  let id = lastEventId;

  const parser = createParser({
    maxBufferSize,
    // Comes before its event, and also for a block without data, which moves the id all the same.
    onId(value) {
      id = value;
      onId?.(value);
    },
    onEvent: (event) => onEvent(event.data, event.event ?? "message", id),
    onRetry,
    onComment,
    // Unknown fields and odd `retry` values are ignored, as the standard says.
    onError(cause) {
      if (cause.type !== "max-buffer-size-exceeded") return;
      throw new TidewireError("too-large", `One event exceeds ${maxBufferSize} characters.`, {
        detail: { maxBufferSize },
        cause,
      });
    },
  });

  return {
    feed: parser.feed,
    reset: () => parser.reset(),
    get lastEventId() {
      return id;
    },
  };
}
