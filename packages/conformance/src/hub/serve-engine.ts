import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import type { Engine, Feed } from "@tidewire/server";
import { type Asked, hear, type Question, say, type Told } from "./engine-socket.ts";

/** An engine that hubs in other processes share. */
export interface ServedEngine extends Disposable {
  readonly port: number;
}

function serveNode(engine: Engine, socket: Socket): void {
  const feeds = new Map<number, Feed>();
  socket.on("error", () => {}); // a node that is killed
  socket.on("close", () => {
    for (const feed of feeds.values()) feed.close();
  });
  const open = (feed: number): Feed =>
    engine.feed({ entry: (topic, entry) => say<Told>(socket, { feed, topic, entry }), state() {} });
  const answer = async (id: number, question: Question, given: readonly unknown[]): Promise<void> => {
    try {
      say<Told>(socket, { id, answer: await Reflect.apply(engine[question], engine, given) });
    } catch (error) {
      say<Told>(socket, { id, fault: String(error) });
    }
  };
  hear<Asked>(socket, (asked) => {
    if ("question" in asked) return void answer(asked.id, asked.question, asked.given);
    const { feed, act, topic = "" } = asked;
    if (act === "open") feeds.set(feed, open(feed));
    else feeds.get(feed)?.[act](topic);
  });
}

/** Serves `engine` on loopback, to `connectEngine`. */
export async function serveEngine(engine: Engine): Promise<ServedEngine> {
  const nodes = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    nodes.add(socket);
    socket.on("close", () => nodes.delete(socket));
    serveNode(engine, socket);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.dispose]() {
      for (const socket of nodes) socket.destroy();
      server.close();
    },
  };
}
