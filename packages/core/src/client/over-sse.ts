import { encodeBatch } from "@tidewire/wire";
import { type Address, lineName } from "../transport/address.ts";
import type { HttpOptions } from "../transport/http.ts";
import { sse } from "../transport/sse.ts";
import type { Carrier } from "./carrier.ts";
import { deliver } from "./deliver.ts";
import { ownWord } from "./own-word.ts";
import { createPoster } from "./poster.ts";

/** The hub's protocol over SSE: the hello is the body of the request, what goes up is posted beside it. */
export function overSse(address: Address, options: HttpOptions = {}): Carrier {
  return {
    name: lineName("sse", address),
    canSubscribe: false,
    open({ token: _header, ...hello }, dial, events, clock) {
      const body = encodeBatch([hello]);
      const transport = sse(address, { ...options, method: "POST", body, resume: "last-event-id" });
      const poster = createPoster(address, options, dial, events, clock);
      const line = transport.open(dial, {
        opened() {},
        caughtUp() {},
        alive: () => events.alive(),
        message: (payload) => deliver(payload, events),
        resumeAt() {},
        retryHint() {},
        closed: (end) => events.closed(ownWord(end)),
      });
      return {
        get isReady() {
          return poster.isReady;
        },
        sendNumbered: (frames, at) => poster.sendNumbered(frames, at),
        send: (frame, at) => poster.send(frame, at),
        close() {
          poster.close();
          line.close();
        },
      };
    },
  };
}
