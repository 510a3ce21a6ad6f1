import { sse, websocket } from "@tidewire/core";
import { onTestFinished } from "vitest";
import { createFaultProxy } from "../faults/fault-proxy.ts";
import { countingFetch } from "./counting-fetch.ts";
import { type Behaviour, open } from "./driver.ts";
import { createScriptedServer, type Script } from "./scripted-server.ts";

/** A scripted server behind a fault proxy, and one stream through it. All of it goes with the test. */
export async function through(script: Script, kind: "sse" | "websocket", behaviour: Behaviour = {}) {
  const server = await createScriptedServer(script);
  const proxy = await createFaultProxy(server.port);
  const counting = countingFetch();
  const address = `${kind === "sse" ? "http" : "ws"}://127.0.0.1:${proxy.port}/`;
  const handle = open(kind === "sse" ? sse(address, { fetch: counting.fetch }) : websocket(address), behaviour);
  onTestFinished(async () => {
    handle[Symbol.dispose]();
    await proxy[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
  return { server, proxy, handle, ...counting };
}
