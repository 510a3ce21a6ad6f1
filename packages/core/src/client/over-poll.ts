import {
  CloseCode,
  type DownFrame,
  encodeBatch,
  type HelloFrame,
  type MessageFrame,
  type TidewireError,
} from "@tidewire/wire";
import { type Address, lineName } from "../transport/address.ts";
import { type HttpFormat, type HttpOptions, httpTransport } from "../transport/http.ts";
import type { Line, LineEnd } from "../transport/transport.ts";
import { below } from "./below.ts";
import type { Carrier } from "./carrier.ts";
import { deliver } from "./deliver.ts";
import { ownWord } from "./own-word.ts";
import { createPoster } from "./poster.ts";

/** How long the hub may hold a poll, in milliseconds, where no other period of liveness is asked for. */
const HELD_MS = 10_000;
/** So many answers in a row may come at once with nothing in them; whoever gives more is asked slowly. */
const MOST_IDLE_ANSWERS = 3;
/** How soon the next poll then follows, in milliseconds. */
const SLOWLY_MS = 1000;

/** One answer is one batch, however many pieces it comes in. */
const ANSWER: HttpFormat = {
  kind: "poll",
  contentTypes: ["text/plain"],
  decoder(events) {
    let text = "";
    return {
      feed: (part) => {
        text += part;
      },
      end: () => events.message(text, "message", ""),
    };
  },
};

/**
 * The hub's protocol by long polls: each POST is answered by one batch, once there is something to say. Passes where neither
 * a WebSocket nor a stream does; costs a request for each batch.
 */
export function overPoll(address: Address, options: HttpOptions = {}): Carrier {
  return {
    name: lineName("poll", address),
    canSubscribe: false,
    open(first, dial, events, clock) {
      /** The token goes as a header, and may be another one with each poll. */
      const now = { ...dial };
      const here = onceForAll(address);
      const poster = createPoster(here, options, now, events, clock);
      const heldMs = first.ping ?? HELD_MS;
      let line: Line | undefined;
      let isOver = false;
      let cancelPause = (): void => {};
      let idleAnswers = 0;

      /** The client hears of as many polls as one line: it is silent when none came back in time. */
      const asOneLine = (frame: MessageFrame | DownFrame) =>
        "k" in frame && frame.k === "welcome" ? { ...frame, ping: heldMs } : frame;

      function pollOn(): void {
        events.hello().then(
          (hello) => isOver || poll(hello, heldMs),
          (error: TidewireError) => events.closed({ error }),
        );
      }

      function poll({ token, ...hello }: HelloFrame, wait: number): void {
        now.token = token;
        const askedAt = clock.now();
        const body = encodeBatch([{ ...hello, wait }]);
        let hasNews = false;
        line = httpTransport(
          below(here, "poll"),
          { ...options, method: "POST", body, resume: "last-event-id" },
          ANSWER,
        ).open(now, {
          opened() {},
          caughtUp() {},
          alive: () => events.alive(),
          message: (payload) =>
            deliver(payload, {
              ...events,
              frames(frames) {
                hasNews = frames.some((frame) => !("k" in frame));
                events.frames(frames.map(asOneLine));
              },
            }),
          resumeAt() {},
          retryHint() {},
          closed(end) {
            if (isOver) return;
            if (end.error) return events.closed(ownWord(notSuperseded(end)));
            const isIdle = !hasNews && clock.now() - askedAt < SLOWLY_MS;
            idleAnswers = isIdle ? idleAnswers + 1 : 0;
            if (idleAnswers <= MOST_IDLE_ANSWERS) pollOn();
            else cancelPause = clock.after(SLOWLY_MS, pollOn);
          },
        });
      }

      poll(first, 0); // a line that carries is welcomed at once
      return {
        get isReady() {
          return poster.isReady;
        },
        sendNumbered: (frames, at) => poster.sendNumbered(frames, at),
        send: (frame, at) => poster.send(frame, at),
        close() {
          isOver = true;
          cancelPause();
          poster.close();
          line?.close();
        },
      };
    },
  };
}

/** A line of polls is one dial: its requests go where the first one went, or each of them could meet another node. */
function onceForAll(address: Address): Address {
  if (typeof address !== "function") return address;
  let found: Promise<string | URL> | undefined;
  return () => {
    found ??= Promise.resolve(address());
    return found;
  };
}

/** Requests may overtake each other: a later one of this client's was first, and the next one is later still. */
function notSuperseded(end: LineEnd): LineEnd {
  return end.error?.detail.status === 409 || end.error?.detail.closeCode === CloseCode.superseded
    ? { afterMs: 0 }
    : end;
}
