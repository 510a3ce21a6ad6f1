/** Encoded messages, shared by all readers who stand at the same place. */
export interface Page {
  /** Framed for the wire. Empty once the page was given up. */
  readonly bytes: Uint8Array;
  /** The offset that a reader of one topic stands at afterwards. */
  readonly to: number;
  /** The reader's vector afterwards, where the form needs it. */
  readonly id: string;
  /** Unique among the pages of a hub. */
  readonly number: number;
  readonly isGivenUp: boolean;
}
