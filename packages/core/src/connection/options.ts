import type { Payload } from "@tidewire/wire";
import type { Judge } from "../transport/verdict.ts";
import type { Auth } from "./auth.ts";
import type { Clock } from "./clock.ts";
import type { Page } from "./page.ts";
import type { RetryOptions } from "./retry.ts";

/** A message before it is decoded. */
export interface EndCandidate {
  readonly payload: Payload;
  readonly type: string;
  readonly id: string;
}

/** How a connection is kept. */
export interface ConnectionOptions extends RetryOptions {
  /** How long a dial may take until the line is open, in milliseconds. Default 10 000. */
  readonly connectTimeoutMs?: number | undefined;
  /**
   * No byte for so long, and the line is dead: it is hung up and dialled again, in milliseconds. SSE comments count.
   * Default: learned. Where something comes regularly, comments or messages, it is one and a half times the longest
   * silence of late, at least 45 000. Where nothing does, silence means nothing: such a line is only asked when the
   * page wakes or the network comes back. A WebSocket's own pings are invisible to a page: give `ping` there, which
   * decides in place of this. `Infinity` never gives up.
   */
  readonly silenceMs?: number | undefined;
  /** Makes the message that asks the server for a sign of life. Any byte that comes back is one. */
  readonly ping?: (() => string | ArrayBuffer) | undefined;
  /** Silence before a ping, in milliseconds. Default 25 000. */
  readonly pingMs?: number | undefined;
  /** How long the answer to a ping may take, in milliseconds. Default 5000. */
  readonly pongMs?: number | undefined;
  /** Gives the credentials of each dial; asked for fresh ones once when the server refuses. */
  readonly auth?: Auth | undefined;
  /**
   * Judges how a line ended in place of the default, for every transport: `error.detail` has the `status` of an answer
   * or the `closeCode` of a close. Asked at each end that the server or the network brought about.
   */
  readonly verdict?: Judge | undefined;
  /**
   * True for the message after which the server has no more to say, as `[DONE]`. That message is not handed on.
   * A request with a body that ends without it was cut: half an answer is no answer.
   */
  readonly end?: ((message: EndCandidate) => boolean) | undefined;
  /** Where to resume at the first dial. Default "": from now. */
  readonly lastEventId?: string | undefined;
  readonly clock?: Clock | undefined;
  readonly page?: Page | undefined;
}
