import type { DownFrame, HelloFrame, MessageFrame, NumberedFrame, UpFrame, UpRequest } from "@tidewire/wire";
import type { Clock } from "../connection/clock.ts";
import type { Dial, LineEnd } from "../transport/transport.ts";

/** One way to carry the hub's protocol over a transport. Each is one file, and an unused one is shaken out of a bundle. */
export interface Carrier {
  readonly name: string;
  /** True where a line takes new topics while it lives; false where that means another line. */
  readonly canSubscribe: boolean;
  open(hello: HelloFrame, dial: Dial, events: CarrierEvents, clock: Clock): CarrierLine;
}

/** What a line tells the session. */
export interface CarrierEvents {
  frames(frames: readonly (MessageFrame | DownFrame)[]): void;
  /**
   * The hello for the next of many requests that make one line: what is read now, from where it stands now, with the
   * token that is good now. Rejects as `auth` does.
   */
  hello(): Promise<HelloFrame>;
  /** Bytes came, of any kind. */
  alive(): void;
  /** The way up can take more. */
  ready(): void;
  /** Nobody knows what became of the frames that were sent last: send again what is not acknowledged. */
  rewind(): void;
  /** The line is gone, by itself. What it says after that, or after `close()`, is heard by nobody. */
  closed(end: LineEnd): void;
}

/** Whose frames go up, and with which number they begin. */
export type UpPlace = Pick<UpRequest, "sid" | "gen" | "n">;

/** One open line. */
export interface CarrierLine {
  /** False while what was sent must be answered, or drained, before more may go. */
  readonly isReady: boolean;
  /** Numbered frames, in order and only while `isReady`. */
  sendNumbered(frames: readonly NumberedFrame[], at: UpPlace): void;
  /** Any other frame, at any time. */
  send(frame: UpFrame, at: UpPlace): void;
  close(): void;
}
