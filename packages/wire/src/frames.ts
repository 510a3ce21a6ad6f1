import type { Cursor } from "./cursor.ts";

/** The WebSocket subprotocol of version 1. */
export const SUBPROTOCOL = "tidewire.v1";

/** Where a first visit starts; a number: that many of the newest messages. */
export type From = "now" | "earliest" | number;

/** One topic that a client wants, with where it stands. */
export interface Sub extends Partial<Cursor> {
  readonly t: string;
  readonly from?: From;
}

/** The first frame of a line. */
export interface HelloFrame {
  readonly k: "hello";
  readonly v: number;
  readonly sid?: string;
  readonly gen: number;
  /** The first number that is not acknowledged. */
  readonly n?: number;
  readonly token?: string;
  readonly subs: readonly Sub[];
  /** The wished period of liveness, in milliseconds. */
  readonly ping?: number;
  /** How long a poll may be held, in milliseconds. */
  readonly wait?: number;
}

/** A frame that a session counts: done once and in order. */
export type NumberedFrame =
  | { readonly k: "pub"; readonly n: number; readonly t: string; readonly d: unknown }
  | { readonly k: "call"; readonly n: number; readonly id: number; readonly m: string; readonly d: unknown };

/** What a client may send. */
export type UpFrame =
  | HelloFrame
  | NumberedFrame
  | ({ readonly k: "sub"; readonly id: number } & Sub)
  | { readonly k: "unsub"; readonly id: number; readonly t: string }
  | { readonly k: "auth"; readonly id: number; readonly token: string }
  | { readonly k: "pong"; readonly ts: number }
  | { readonly k: "switch"; readonly gen: number; readonly n?: number }
  | { readonly k: "bye"; readonly code: number };

/** Why history cannot be had. */
export type GapWhy = "trimmed" | "epoch" | "restart" | "rollback" | "limit" | "slow" | "denied";

/** One message: alias, offset, offset before it, data. */
export type MessageFrame = readonly [a: number, o: number, p: number, d: unknown];

/** The hub's answer to `hello`. */
export interface WelcomeFrame {
  readonly k: "welcome";
  readonly v: number;
  readonly sid: string;
  readonly gen: number;
  readonly node: string;
  /** The period of liveness, in milliseconds. */
  readonly ping: number;
  /** The last number that was done. */
  readonly ack: number;
  /** The most characters of one batch up. */
  readonly max: number;
  /** Milliseconds until the credentials end. */
  readonly exp?: number;
}

/** What a hub may send beside messages. */
export type DownFrame =
  | WelcomeFrame
  | {
      readonly k: "sub";
      readonly id?: number;
      readonly t: string;
      readonly a: number;
      readonly e: number;
      readonly o: number;
      readonly mode: "fresh" | "resumed";
    }
  | { readonly k: "live"; readonly t: string; readonly o: number }
  | {
      readonly k: "gap";
      readonly t: string;
      readonly e: number;
      readonly from: number;
      readonly to: number;
      readonly why: GapWhy;
    }
  | { readonly k: "end"; readonly t: string; readonly code: number; readonly msg: string }
  | { readonly k: "ack"; readonly n: number }
  | { readonly k: "ok"; readonly id: number; readonly d?: unknown }
  | {
      readonly k: "err";
      readonly id?: number;
      readonly n?: number;
      readonly code: number;
      readonly msg: string;
      readonly after?: number;
      /** The application's own word, with 4422. */
      readonly reason?: string;
    }
  | { readonly k: "ping"; readonly ts: number }
  | { readonly k: "exp"; readonly in: number }
  | {
      readonly k: "move";
      readonly after: number;
      readonly url?: string;
      readonly why: "drain" | "rotate" | "rebalance";
    }
  | { readonly k: "bye"; readonly code: number; readonly msg: string; readonly after?: number };

/** The body of `POST <url>/up`. */
export interface UpRequest {
  readonly sid: string;
  readonly gen: number;
  /** The first number that is not acknowledged. */
  readonly n: number;
  readonly frames: readonly UpFrame[];
  readonly token?: string;
}

/** The answer to {@link UpRequest}. */
export interface UpResponse {
  readonly ack: number;
  readonly frames: readonly DownFrame[];
}
