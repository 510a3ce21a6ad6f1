import {
  DiscardPolicy,
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
  type StreamInfo,
} from "@nats-io/jetstream";
import { type NatsConnection, nanos } from "@nats-io/nats-core";
import { TidewireError } from "@tidewire/wire";
import type { Names } from "./names.ts";
import type { Settings } from "./options.ts";

/** One connection that is ready: its streams are there. */
export interface Session {
  readonly nc: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
}

/** Every question is answered within this time, or fails. */
export const ANSWER_MS = 5000;

/** Checks the server, and makes the streams where they are new. */
export async function openSession(nc: NatsConnection, names: Names, settings: Settings): Promise<Session> {
  const [major = 0, minor = 0] = (nc.info?.version ?? "").split(".").map(Number);
  if (major < 2 || (major === 2 && minor < 9)) {
    throw new TidewireError("refused", `NATS ${nc.info?.version} is too old: the engine needs 2.9 or newer.`);
  }
  const options = { timeout: ANSWER_MS, checkAPI: false };
  const jsm = await jetstreamManager(nc, options);
  const common = { retention: RetentionPolicy.Limits, storage: StorageType.File, num_replicas: settings.replicas };
  await ensure(jsm, { ...common, name: names.epochs, subjects: [names.epochsSubject], max_msgs: 1 });
  const log = await ensure(jsm, {
    ...common,
    name: names.log,
    subjects: [names.logOf("*")],
    // The oldest is kept for its place alone; appends widen this to what hubs keep.
    max_msgs_per_subject: 1,
    max_bytes: settings.maxBytes,
    discard: DiscardPolicy.New,
    duplicate_window: nanos(settings.idempotencyMs),
    allow_direct: true,
    republish: { src: names.logOf(">"), dest: names.liveOf(">") },
  });
  if (log.config.republish?.dest !== names.liveOf(">") || !log.config.allow_direct || log.config.max_age !== 0) {
    const message = `The stream ${names.log} is not as the engine needs it (republish, allow_direct, no max_age): delete it, or choose another name.`;
    throw new TidewireError("refused", message);
  }
  return { nc, jsm, js: jetstream(nc, options) };
}

/** Hubs that start together make it once: whoever is late finds it. */
async function ensure(jsm: JetStreamManager, config: Partial<StreamConfig> & { name: string }): Promise<StreamInfo> {
  const find = () => jsm.streams.info(config.name);
  try {
    return await find();
  } catch (error) {
    if ((error as { status?: number }).status !== 404) throw error;
  }
  try {
    return await jsm.streams.add(config);
  } catch (error) {
    return find().catch(() => Promise.reject(error));
  }
}
