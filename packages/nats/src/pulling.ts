import { AckPolicy, type ConsumerInfo, DeliverPolicy } from "@nats-io/jetstream";
import { createInbox, type Msg, type MsgHdrs, TimeoutError } from "@nats-io/nats-core";
import { ANSWER_MS, type Session } from "./streams.ts";

/** All of it is there already: it comes at once, or not at all. */
const PULL_MS = 2000;

/** A message as the server hands it out. */
export interface Pulled {
  readonly seq: number;
  readonly data: Uint8Array;
  /** Undefined for what no hub published. */
  readonly header: MsgHdrs | undefined;
}

/** What is pulled. */
export interface Pull {
  readonly stream: string;
  readonly subject: string;
  /** The first place. */
  readonly seq: number;
  readonly limit: number;
  readonly isHeadersOnly?: boolean;
}

/**
 * Reads a stretch by a consumer that lives as long as this takes. The client's own `fetch` waits for messages that were counted
 * and then purged; this takes what is there.
 */
export async function pull(session: Session, { stream, subject, seq, limit, isHeadersOnly }: Pull): Promise<Pulled[]> {
  const { jsm } = session;
  const consumer = await jsm.consumers.add(stream, {
    ack_policy: AckPolicy.None,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: seq,
    filter_subject: subject,
    inactive_threshold: ANSWER_MS * 1e6,
    mem_storage: true,
    num_replicas: 1,
    ...(isHeadersOnly ? { headers_only: true } : {}),
  });
  try {
    return await take(session, consumer, Math.min(limit, consumer.num_pending));
  } finally {
    void jsm.consumers.delete(stream, consumer.name).catch(() => {}); // It ends by itself, too.
  }
}

function take({ nc }: Session, consumer: ConsumerInfo, wanted: number): Promise<Pulled[]> {
  const found: Pulled[] = [];
  if (wanted === 0) return Promise.resolve(found);
  const inbox = createInbox();
  return new Promise((resolve, reject) => {
    const callback = (error: Error | null, message: Msg) => {
      if (error) return end(error);
      if (message.headers && message.headers.code > 0) return end(); // There is no more.
      found.push({ seq: placeOf(message), data: message.data, header: message.headers });
      if (found.length === wanted) end();
    };
    const subscription = nc.subscribe(inbox, { callback });
    // What was purged since it was counted is not always said to be gone.
    const timer = setTimeout(() => end(new TimeoutError()), PULL_MS);
    const end = (error?: Error) => {
      clearTimeout(timer);
      subscription.unsubscribe();
      if (error) reject(error);
      else resolve(found);
    };
    void subscription.closed.then(() => end(new TimeoutError()));
    const next = `$JS.API.CONSUMER.MSG.NEXT.${consumer.stream_name}.${consumer.name}`;
    nc.publish(next, JSON.stringify({ batch: wanted, no_wait: true }), { reply: inbox });
  });
}

/** The address for the answer has the place: behind stream, consumer and count of deliveries. */
function placeOf({ reply = "" }: Msg): number {
  const words = reply.split(".");
  return Number(words[words.length > 9 ? 7 : 5]);
}
