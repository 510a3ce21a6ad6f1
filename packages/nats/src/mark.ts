import type { MsgHdrs } from "@nats-io/nats-core";
import type { Retention } from "@tidewire/server";

/** What each message carries beside its payload, in one header. */
export interface Mark {
  /** The topic's epoch, as whoever appended knew it. */
  readonly e: number;
  /** Unique: by it a place that was given twice is told apart. */
  readonly id: string;
  readonly at: number;
  /** True for the first message that the topic ever had, which the server has checked. */
  readonly isFirst: boolean;
  readonly keep: Retention;
}

export const MARK = "Tidewire";

export function writeMark({ e, id, at, isFirst, keep }: Mark): string {
  return [e, id, at, isFirst ? 1 : 0, keep.retainMessages, keep.retainBytes, keep.retainMs].join(" ");
}

/** Undefined for a message that no hub published. */
export function readMark(headers: MsgHdrs | undefined): Mark | undefined {
  const [e, id = "", at, first, retainMessages, retainBytes, retainMs] = headers?.get(MARK).split(" ") ?? [];
  if (retainMs === undefined) return undefined;
  const keep = {
    retainMessages: Number(retainMessages),
    retainBytes: Number(retainBytes),
    retainMs: Number(retainMs),
  };
  return { e: Number(e), id, at: Number(at), isFirst: first === "1", keep };
}
