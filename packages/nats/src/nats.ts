import type { Engine } from "@tidewire/server";
import { optionInvalid } from "@tidewire/wire";
import { NatsEngine } from "./engine.ts";
import type { NatsOptions } from "./options.ts";

/**
 * An engine on NATS JetStream, from server 2.9 on: hubs that are given the same server and name share their topics. It
 * connects at once and for ever; while NATS is away, appends and reads reject with a TidewireError of code `network`.
 */
export function nats(options: NatsOptions): Engine {
  const { connect, name = "tidewire", idempotencyMs = 600_000, replicas = 1, maxBytes = -1 } = options;
  if (typeof connect !== "function") throw optionInvalid("nats({ connect }) takes a function that opens a connection.");
  if (!/^[\w-]{1,100}$/.test(name)) throw optionInvalid("name has 1 to 100 letters, digits and _ -");
  const { maxWaiting = 10_000, onError = () => {} } = options;
  for (const [word, value] of Object.entries({ idempotencyMs, replicas, maxWaiting })) {
    if (!Number.isSafeInteger(value) || value < 1)
      throw optionInvalid(`${word} is a whole number above 0, got ${value}.`);
  }
  return new NatsEngine({ connect, name, idempotencyMs, replicas, maxBytes, maxWaiting, onError });
}
