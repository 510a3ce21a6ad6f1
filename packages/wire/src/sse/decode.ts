import { createParser, type EventSourceMessage } from "eventsource-parser";
import { TidewireError } from "../error.ts";

/** What a decoder calls while it is fed. */
export interface SseDecoderOptions {
  /** One event. `type` is "message" when the stream named none; `id` is the last event id, which outlives its event. */
  readonly onEvent: (data: string, type: string, id: string) => void;
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
   * and again at every call until `reset()`.
   */
  feed(text: string): void;
  /** Begins a new stream: an unfinished event is dropped and the last event id is kept, as across reconnects. */
  reset(): void;
  /** What the next dial sends as `Last-Event-ID`; "" when there is nothing to resume from. */
  readonly lastEventId: string;
}

/** Makes a decoder. `lastEventId` is where an earlier stream ended. */
export function createSseDecoder(options: SseDecoderOptions, lastEventId = ""): SseDecoder {
  const { onEvent, onRetry, onComment, maxBufferSize = 1_048_576 } = options;
  let id = lastEventId;
  let overflow: TidewireError | undefined;

  const parser = createParser({
    maxBufferSize,
    // Comes before its event, and also for a block without data, which moves the id all the same.
    onId(value) {
      id = value;
    },
    onEvent(event: EventSourceMessage) {
      onEvent(event.data, event.event ?? "message", id);
    },
    ...(onRetry ? { onRetry } : {}),
    ...(onComment ? { onComment } : {}),
    // Unknown fields and odd `retry` values are ignored, as the standard says.
    onError(error) {
      if (error.type !== "max-buffer-size-exceeded") return;
      overflow = new TidewireError("too-large", `One event was larger than ${maxBufferSize} characters.`, {
        detail: { maxBufferSize },
        cause: error,
      });
      throw overflow;
    },
  });

  return {
    feed(text) {
      if (overflow) throw overflow;
      parser.feed(text);
    },
    reset() {
      overflow = undefined;
      parser.reset();
    },
    get lastEventId() {
      return id;
    },
  };
}
