import { CloseCode, encodeBatch, SUBPROTOCOL } from "@tidewire/wire";
import { type Address, lineName } from "../transport/address.ts";
import type { LineEnd } from "../transport/transport.ts";
import { judged } from "../transport/verdict.ts";
import { type WebSocketOptions, websocket } from "../transport/websocket.ts";
import type { Carrier } from "./carrier.ts";
import { deliver } from "./deliver.ts";

/** Bytes on their way up above which numbered frames wait. */
const HIGH_WATER_MARK = 262_144;

/** A socket tells nobody when it has drained. */
const DRAIN_CHECK_MS = 10;

/** The hub's protocol over a WebSocket: one text message is one batch, both ways. */
export function overWebSocket(address: Address, options: WebSocketOptions = {}): Carrier {
  return {
    name: lineName("websocket", address),
    canSubscribe: true,
    open(hello, dial, events, clock) {
      const transport = websocket(address, { ...options, protocols: [SUBPROTOCOL] });
      let isOver = false;
      const line = transport.open(
        { ...dial, token: undefined }, // it goes up in the hello, where no log sees it
        {
          opened: () => line.send(encodeBatch([hello])),
          caughtUp() {},
          alive: () => events.alive(),
          message: (payload) => deliver(payload, events),
          resumeAt() {},
          retryHint() {},
          closed: (end) => events.closed(notTooLate(end)),
        },
      );
      const isReady = (): boolean => line.bufferedAmount < HIGH_WATER_MARK;
      const waitForDrain = (): void => {
        if (isOver) return;
        if (isReady()) events.ready();
        else clock.after(DRAIN_CHECK_MS, waitForDrain);
      };
      return {
        get isReady() {
          return isReady();
        },
        sendNumbered(frames) {
          line.send(encodeBatch(frames));
          if (!isReady()) clock.after(DRAIN_CHECK_MS, waitForDrain);
        },
        send: (frame) => line.send(encodeBatch([frame])),
        close() {
          isOver = true;
          line.close();
        },
      };
    },
  };
}

/** The hello was said, only too late for the hub: a busy machine or a slow network, which another dial may find at rest. */
function notTooLate(end: LineEnd): LineEnd {
  const { error } = end;
  return error?.detail.closeCode === CloseCode.noHello ? { ...end, error: judged(error, false) } : end;
}
