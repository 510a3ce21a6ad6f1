/** Who is at the other end of a line. */
export interface Principal {
  /** The same for every line of the same user: a session answers only to its own principal. */
  readonly id: string;
  /** When the credentials end, in milliseconds of the hub's clock. Nothing is delivered from then on; who comes later is not let in. */
  readonly expiresAt?: number | undefined;
  readonly [field: string]: unknown;
}
