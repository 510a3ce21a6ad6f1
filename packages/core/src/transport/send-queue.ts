import { DEV, encodeJson, TidewireError } from "@tidewire/wire";
import type { Sendable, TwoWayLine } from "./transport.ts";
import type { Uplink, UplinkOptions, UplinkTimers } from "./uplink.ts";

interface Waiting {
  readonly payload: Sendable;
  readonly bytes: number;
  /** When it has waited too long for a line. */
  readonly until: number;
  resolve(sending: Promise<void>): void;
  reject(error: TidewireError): void;
}

/** A browser tells nobody when a socket has drained, so a full one is looked at again after this long. */
const DRAIN_CHECK_MS = 10;

/** Sends in order: at once while the line takes them, else from a bounded queue. */
export function createSendQueue(
  options: UplinkOptions,
  timers: UplinkTimers,
  lineNow: () => TwoWayLine | undefined,
): Uplink {
  const { codec, whileDown, queueMessages = 1000, queueBytes = 1_048_576, queueDrop } = options;
  const { queueAgeMs = 30_000, highWaterMark = 65_536 } = options;
  let waiting: Waiting[] = [];
  let waitingBytes = 0;
  let cancelTimer: () => void = () => {};

  /** The oldest leaves the queue. */
  function take(): Waiting {
    const first = waiting.shift() as Waiting;
    waitingBytes -= first.bytes;
    return first;
  }

  /** Whatever may go goes; for the rest, another look when there may be room, or when the oldest is too old. */
  function flush(): void {
    cancelTimer();
    const line = lineNow();
    const now = timers.now();
    for (let first = waiting[0]; first; first = waiting[0]) {
      if (first.until <= now) take().reject(dropped("It waited too long."));
      else if (line && line.bufferedAmount <= highWaterMark) take().resolve(handOver(line, first.payload));
      else {
        cancelTimer = timers.after(line ? DRAIN_CHECK_MS : first.until - now, flush);
        return;
      }
    }
  }

  return {
    async send(value, isVolatile) {
      const payload = codec ? codec.encode(value) : encodeJson(value);
      const line = lineNow();
      if (line && waiting.length === 0 && line.bufferedAmount <= highWaterMark) return line.send(payload);
      if (isVolatile) return;
      if (!line && whileDown !== "queue") throw notOpen();
      const bytes = sizeOf(payload);
      const isFull = (): boolean => waiting.length >= queueMessages || waitingBytes + bytes > queueBytes;
      while (queueDrop === "oldest" && waiting.length > 0 && isFull()) take().reject(dropped("The queue is full."));
      if (isFull()) throw dropped("The queue is full.");
      return new Promise((resolve, reject) => {
        waiting.push({ payload, bytes, until: timers.now() + queueAgeMs, resolve, reject });
        waitingBytes += bytes;
        if (waiting.length === 1) flush();
      });
    },
    lineChanged(isOver) {
      if (lineNow() || (whileDown === "queue" && !isOver)) return flush();
      cancelTimer();
      const refused = waiting;
      waiting = [];
      waitingBytes = 0;
      for (const one of refused) one.reject(notOpen());
    },
  };
}

/** What `send` throws becomes the promise's. */
async function handOver(line: TwoWayLine, payload: Sendable): Promise<void> {
  line.send(payload);
}

/** In bytes on the wire: text goes as UTF-8. */
function sizeOf(payload: Sendable): number {
  const bytes = typeof payload === "string" ? new Blob([payload]) : payload;
  return "size" in bytes ? bytes.size : bytes.byteLength;
}

const dropped = (why: string): TidewireError => new TidewireError("send-dropped", DEV && `Not sent. ${why}`);

function notOpen(): TidewireError {
  return new TidewireError(
    "not-open",
    DEV && 'Not sent: the line is down. Wait for "open", or give whileDown: "queue".',
  );
}
