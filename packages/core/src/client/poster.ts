import type { DownFrame, UpRequest } from "@tidewire/wire";
import { TidewireError } from "@tidewire/wire";
import type { Clock } from "../connection/clock.ts";
import { type Address, atThisDial } from "../transport/address.ts";
import type { HttpOptions } from "../transport/http.ts";
import type { Dial } from "../transport/transport.ts";
import { below } from "./below.ts";
import type { CarrierEvents, CarrierLine } from "./carrier.ts";

/** The longest wait between two tries to post the same frames, in milliseconds. */
const RETRY_MS = 1000;

/** The way up beside a stream that only comes down: one request of numbered frames at a time (PROTOCOL.md rule 11). */
export function createPoster(
  address: Address,
  options: HttpOptions,
  dial: Dial,
  events: CarrierEvents,
  clock: Clock,
): CarrierLine {
  const abort = new AbortController();
  const up = below(address, "up");
  let isPosting = false;
  let cancelRetry: (() => void) | undefined;
  const isOver = (): boolean => abort.signal.aborted;

  async function post(request: UpRequest): Promise<Response> {
    const url = await up();
    const headers = new Headers(await atThisDial(options.headers));
    if (dial.token !== undefined && !headers.has("authorization")) headers.set("authorization", `Bearer ${dial.token}`);
    const init: RequestInit = { method: "POST", headers, body: JSON.stringify(request), signal: abort.signal };
    if (options.credentials !== undefined) init.credentials = options.credentials;
    return (options.fetch ?? globalThis.fetch)(url.href, init);
  }

  async function postNumbered(request: UpRequest): Promise<void> {
    const response = await post(request);
    const { status, url } = response;
    if (status === 202 || status === 409) {
      const { ack, frames = [] } = (await response.json()) as { ack: number; frames?: readonly DownFrame[] };
      if (isOver()) return;
      events.frames([...frames, { k: "ack", n: ack }]); // what was refused before what counts as done
      // A hub that lacks earlier numbers is sent them, but not as often as it says so.
      if (status === 409) return again();
      isPosting = false;
      return events.ready();
    }
    await response.body?.cancel();
    if (isOver()) return;
    if (status === 429 || status >= 500) return again();
    abort.abort();
    const isRefused = status === 401;
    const error = new TidewireError(
      isRefused ? "unauthenticated" : "http-status",
      `${url} answered ${status} to a message.`,
      {
        isFinal: isRefused,
        detail: { status, url },
      },
    );
    events.closed({ error });
  }

  /** What the hub did of it is unknown; sending again is harmless, because the hub does each number once. */
  function again(): void {
    if (isOver()) return;
    cancelRetry = clock.after(Math.random() * RETRY_MS, () => {
      isPosting = false;
      events.rewind();
      events.ready();
    });
  }

  return {
    get isReady() {
      return !isPosting;
    },
    sendNumbered(frames, at) {
      isPosting = true;
      postNumbered({ ...at, frames }).catch(again);
    },
    send(frame, at) {
      // A pong that is lost is noticed by the hub's own deadline, a lost `auth` by the token's end.
      post({ ...at, frames: [frame] }).then(
        async (response) => {
          if (!response.ok) return response.body?.cancel();
          const { frames = [] } = (await response.json()) as { frames?: readonly DownFrame[] };
          if (!isOver()) events.frames(frames);
        },
        () => {},
      );
    },
    close() {
      cancelRetry?.();
      abort.abort();
    },
  };
}
