import "reflect-metadata";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { type INestApplication, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { ExpressAdapter } from "@nestjs/platform-express";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import { createClient, overSse, overWebSocket } from "@tidewire/core";
import { type Engine, type Hub, memory } from "@tidewire/server";
import { expect, onTestFinished, test } from "vitest";
import { RealtimeModule } from "./index.ts";
import { HUB } from "./tokens.ts";

/** A Nest application as one node of two. */
async function startNode(engine: Engine, adapter: object): Promise<INestApplication> {
  @Module({ imports: [RealtimeModule.forRoot({ engine, drainMs: 4000 })] })
  class Node {}
  const app = await NestFactory.create(Node, adapter as never, { logger: false });
  await app.listen(0, "127.0.0.1");
  return app;
}

const portOf = async (app: INestApplication) => Number(new URL(await app.getUrl()).port);

test("a rolling restart of two nodes, on Express and on Fastify, is no gap to anybody", {
  timeout: 30_000,
}, async () => {
  const log = memory();
  const engine: Engine = { ...log, close() {} }; // The log outlives both, as one on a server of its own does.
  const one = await startNode(engine, new ExpressAdapter());
  const two = await startNode(engine, new FastifyAdapter());
  let port = await portOf(one);
  const balancer = createServer((socket) => {
    const node = connect(port, "127.0.0.1");
    socket.pipe(node).pipe(socket);
    for (const end of [socket, node])
      end.on("error", () => {}).on("close", () => [socket, node].map((s) => s.destroy()));
  }).listen(0, "127.0.0.1");
  await once(balancer, "listening");
  const url = `http://127.0.0.1:${(balancer.address() as AddressInfo).port}/realtime`;
  const readers = Array.from({ length: 20 }, (_, index) => {
    const client = createClient({ url, transport: index % 2 ? overSse : overWebSocket });
    const topic = client.topic<number>("a");
    const got: number[] = [];
    const gaps: unknown[] = [];
    topic.gaps$.subscribe((gap) => gaps.push(gap));
    topic.subscribe((n) => got.push(n));
    return { client, topic, got, gaps };
  });
  const hub = two.get<Hub>(HUB);
  let published = 0;
  const publishing = setInterval(() => void hub.publish("a", ++published), 5);
  onTestFinished(async () => {
    clearInterval(publishing);
    for (const { client } of readers) client.close();
    balancer.close();
    await two.close();
  });
  await expect.poll(() => readers.every(({ got }) => got.length > 0), { timeout: 10_000 }).toBe(true);
  port = await portOf(two);
  await one.close(); // its shutdown hook drains
  clearInterval(publishing);
  await hub.publish("a", ++published);
  await expect.poll(() => readers.every(({ got }) => got.at(-1) === published), { timeout: 10_000 }).toBe(true);
  for (const { got, gaps } of readers) {
    expect(gaps).toEqual([]);
    expect(got).toEqual(Array.from({ length: got.length }, (_, index) => (got[0] ?? 0) + index));
  }
});
