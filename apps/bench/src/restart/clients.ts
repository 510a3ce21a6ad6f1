// Many clients of one address in a process of their own: all read one topic, and send to another one by one.
import { createClient, overSse, overWebSocket } from "@tidewire/core";
import { Book } from "../ledger/book.ts";

/** What the process is told: to open clients, to rest, or to close its books. */
export type Order =
  | {
      readonly order: "open";
      readonly url: string;
      /** The clients' numbers. */
      readonly from: number;
      readonly count: number;
      /** Each client sends once in so many milliseconds. */
      readonly sendMs: number;
    }
  | { readonly order: "rest" }
  | { readonly order: "audit"; readonly published: number };

/** What the clients of one process were told, and what they sent. */
export interface Books {
  readonly received: number;
  readonly lost: number;
  readonly doubled: number;
  readonly reordered: number;
  readonly gaps: number;
  /** How many messages each client sent, and of how many it was told that they were not. */
  readonly sent: readonly (readonly [client: number, count: number, refused: number])[];
}

const DOWN = "down";
/** So many dial in one step, so that the system's queue of connections is not what is measured. */
const AT_ONCE = 50;
const STEP_MS = 50;

interface Reading {
  readonly book: Book;
  readonly isOpen: () => boolean;
  readonly send: () => Promise<void>;
  sent: number;
  refused: number;
}

const readings = new Map<number, Reading>();
let timer: ReturnType<typeof setInterval> | undefined;

function openClient(url: string, index: number): void {
  const client = createClient({ url, transport: index % 2 === 0 ? overWebSocket : overSse, onError() {} });
  const book = new Book([DOWN]);
  const topic = client.topic<number>(DOWN, { from: "earliest" });
  topic.gaps$.subscribe(() => {
    book.gaps += 1;
  });
  topic.subscribe((n) => book.message(DOWN, n));
  const up = client.topic<{ client: number; n: number }>("up");
  const reading: Reading = {
    book,
    sent: 0,
    refused: 0,
    isOpen: () => topic.status.status === "open",
    async send() {
      reading.sent += 1;
      await up.send({ client: index, n: reading.sent }).catch(() => {
        reading.refused += 1;
      });
    },
  };
  readings.set(index, reading);
}

async function open({ url, from, count, sendMs }: Extract<Order, { order: "open" }>): Promise<void> {
  for (let index = from; index < from + count; index += 1) {
    openClient(url, index);
    if (index % AT_ONCE === 0) await pause(STEP_MS);
  }
  while ([...readings.values()].some(({ isOpen }) => !isOpen())) await pause(STEP_MS);
  // One after the other, so that the load is steady.
  let turn = from;
  let owed = 0;
  timer = setInterval(() => {
    for (owed += (count * STEP_MS) / sendMs; owed >= 1; owed -= 1) {
      void readings.get(turn)?.send();
      turn = turn + 1 < from + count ? turn + 1 : from;
    }
  }, STEP_MS);
  process.send?.({ isOpen: true });
}

/** Waits until everybody has everything, or nothing more comes. */
async function audit(published: number): Promise<void> {
  const sum = () => {
    const books = { received: 0, lost: 0, doubled: 0, reordered: 0, gaps: 0 };
    for (const { book } of readings.values()) {
      const { expected, lost, doubled, reordered } = book.audit(new Map([[DOWN, published]]));
      books.received += expected - lost;
      books.lost += lost;
      books.doubled += doubled;
      books.reordered += reordered;
      books.gaps += book.gaps;
    }
    return books;
  };
  let books = sum();
  for (let before = -1; books.lost > 0 && books.received !== before; books = sum()) {
    before = books.received;
    await pause(3000);
  }
  const sent = [...readings].map(([client, reading]) => [client, reading.sent, reading.refused] as const);
  process.send?.({ ...books, sent } satisfies Books);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

process.on("message", (order: Order) => {
  if (order.order === "open") return void open(order);
  if (order.order === "audit") return void audit(order.published);
  clearInterval(timer);
  process.send?.({ isResting: true });
});
process.on("disconnect", () => process.exit());
