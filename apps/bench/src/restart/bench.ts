import { setTimeout as pause } from "node:timers/promises";
import { createHub, type Engine, memory } from "@tidewire/server";
import { type Nginx, startNginx } from "../../../../.ci/nginx.ts";
import { type HubProcess, startHubProcess } from "../../../../packages/conformance/src/hub/hub-process.ts";
import { serveEngine } from "../../../../packages/conformance/src/hub/serve-engine.ts";
import { ask, end, start } from "../process.ts";
import type { Books, Order } from "./clients.ts";
import { type Moves, movesOf } from "./moves.ts";

export interface RestartOptions {
  readonly clients: number;
  readonly deadlineMs: number;
}

/** What became of the messages, and of the lines of each node that was restarted. */
export interface RestartResult {
  readonly clients: number;
  readonly down: Omit<Books, "sent">;
  readonly up: {
    readonly received: number;
    /** Their senders were told so at once. */
    readonly refused: number;
    readonly lost: number;
    readonly doubled: number;
    readonly reordered: number;
  };
  readonly nodes: readonly Moves[];
}

const PUBLISH_MS = 200;
/** Each client sends once in so many milliseconds. */
const SEND_MS = 5000;
const CALM_MS = 3000;
const PROCESSES = 2;
/** A line takes two of nginx's, and while it moves four; and there are POSTs. */
const CONNECTIONS_PER_CLIENT = 6;

/** Two nodes behind nginx are restarted one after the other, while their clients read and send. */
export async function restart({ clients, deadlineMs }: RestartOptions): Promise<RestartResult> {
  const engine = memory();
  const publisher = createHub({ engine });
  const up = readUp(engine);
  using served = await serveEngine(engine);
  const startNode = (node: string, port = 0) =>
    startHubProcess({ engine: { port: served.port }, up: "up", retainMessages: 10_000, node, port, deadlineMs }, []);
  const nodes: HubProcess[] = [];
  const crowd = Array.from({ length: PROCESSES }, () => start(new URL("./clients.ts", import.meta.url)));
  const tell = <T>(order: (index: number) => Order): Promise<T[]> =>
    Promise.all(crowd.map((child, index) => ask<T>(child, order(index))));
  let nginx: Nginx | undefined;
  let published = 0;
  const publish = () => {
    published += 1;
    return publisher.publish("down", published);
  };
  const publishing = setInterval(() => void publish(), PUBLISH_MS);
  try {
    for (const name of ["one", "two"]) nodes.push(await startNode(name));
    const [one, two] = nodes as [HubProcess, HubProcess];
    nginx = await startNginx([one.port, two.port], clients * CONNECTIONS_PER_CLIENT);
    const url = `http://127.0.0.1:${nginx.port}/realtime`;
    const count = Math.ceil(clients / PROCESSES);
    await tell((index) => ({ order: "open", url, from: index * count, count, sendMs: SEND_MS }));
    await pause(CALM_MS);
    const moves: Moves[] = [];
    for (const [index, leaving] of [one, two].entries()) {
      const other = nodes[1 - index] as HubProcess;
      const before = other.happened.length;
      const { code, afterMs } = await leaving.terminate();
      if (code !== 0) throw new Error(`The node ended with ${code}.`);
      nodes[index] = await startNode(`${index} again`, leaving.port);
      moves.push(movesOf(leaving.happened, other.happened.slice(before), afterMs));
      console.error(`restart: node ${index + 1} of 2`);
      await pause(CALM_MS);
    }
    clearInterval(publishing);
    await publish();
    await tell(() => ({ order: "rest" }));
    await pause(CALM_MS);
    const books = await tell<Books>(() => ({ order: "audit", published }));
    return { clients: count * PROCESSES, down: sumOf(books), up: auditUp(books, up), nodes: moves };
  } finally {
    clearInterval(publishing);
    await Promise.all(crowd.map(end));
    await nginx?.stop();
    await Promise.all(nodes.map((node) => node.kill()));
    await publisher.close();
  }
}

/** What clients sent, as the engine was given it. */
function readUp(engine: Engine): Map<number, number[]> {
  const up = new Map<number, number[]>();
  const entry = (_topic: string, { payload }: { readonly payload: string }): void => {
    const { client, n } = JSON.parse(payload) as { client: number; n: number };
    const numbers = up.get(client) ?? [];
    numbers.push(n);
    up.set(client, numbers);
  };
  engine.feed({ entry, state() {} }).want("up");
  return up;
}

function sumOf(books: readonly Books[]): RestartResult["down"] {
  const of = (pick: (book: Books) => number): number => books.reduce((sum, book) => sum + pick(book), 0);
  return {
    received: of(({ received }) => received),
    lost: of(({ lost }) => lost),
    doubled: of(({ doubled }) => doubled),
    reordered: of(({ reordered }) => reordered),
    gaps: of(({ gaps }) => gaps),
  };
}

function auditUp(books: readonly Books[], up: ReadonlyMap<number, readonly number[]>): RestartResult["up"] {
  const sum = { received: 0, refused: 0, lost: 0, doubled: 0, reordered: 0 };
  for (const [client, count, refused] of books.flatMap(({ sent }) => sent)) {
    const seen = up.get(client) ?? [];
    const distinct = new Set(seen).size;
    sum.received += distinct;
    sum.refused += refused;
    sum.lost += Math.max(0, count - distinct - refused);
    sum.doubled += seen.length - distinct;
    sum.reordered += seen.filter((n, index) => index > 0 && n < (seen[index - 1] as number)).length;
  }
  return sum;
}
