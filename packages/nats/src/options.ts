import type { NatsConnection } from "@nats-io/nats-core";
import type { TidewireError } from "@tidewire/wire";

/** Options of `nats`. */
export interface NatsOptions {
  /**
   * Opens a connection, such as `() => connect({ servers })` of `@nats-io/transport-node`. It is called at once, and again
   * whenever the last connection was lost: the engine closes what was lost, so that nothing is sent late from its buffer.
   */
  readonly connect: () => Promise<NatsConnection>;
  /** What streams and subjects begin with. Hubs with one name share their topics. Default "tidewire". */
  readonly name?: string | undefined;
  /** How long an idempotency key is remembered, in milliseconds; of a stream that exists already, what it says. Default 10 minutes. */
  readonly idempotencyMs?: number | undefined;
  /** How many servers keep a new stream. Default 1; 3 in a cluster. */
  readonly replicas?: number | undefined;
  /** The most bytes of a new stream, of all topics; more is refused. Default: as many as the server gives. */
  readonly maxBytes?: number | undefined;
  /** The most appends that wait for the server; more are refused with `overflow`. Default 10 000. */
  readonly maxWaiting?: number | undefined;
  /** Told why a connection failed, each time. Default: nothing is said, the hub says what it could not do. */
  readonly onError?: ((error: TidewireError) => void) | undefined;
}

/** @internal */
export type Settings = { readonly [Key in keyof NatsOptions]-?: NonNullable<NatsOptions[Key]> };
