import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { type Deferred, deferred } from "../faults/deferred.ts";
import { askHttp1 } from "./ask.ts";
import type { AdapterDriver } from "./driver.ts";
import type { Order, Word } from "./runtime.child.ts";

const main = fileURLToPath(new URL("./runtime.child.ts", import.meta.url));

type WithoutNumber<T> = T extends unknown ? Omit<T, "n"> : never;

/** A runtime in a process of its own, and how to talk to it. */
function startRuntime(program: string, args: readonly string[]) {
  const child = spawn(program, [...args, main], { stdio: "pipe" });
  const complaints = text(child.stderr);
  const waiting = new Map<number, Deferred<unknown>>();
  const listeners = new Map<string, (data: unknown) => void>();
  let asked = 0;
  createInterface({ input: child.stdout }).on("line", (line) => {
    const word = JSON.parse(line) as Word;
    if ("topic" in word) return listeners.get(`${word.id} ${word.topic}`)?.(word.data);
    const answer = waiting.get(word.n);
    waiting.delete(word.n);
    if (word.error === undefined) answer?.resolve(word.value);
    else answer?.reject(new Error(word.error));
  });
  const gone = new Promise<void>((resolve) => {
    child.once("close", async () => {
      for (const { reject } of waiting.values()) reject(new Error(`The runtime ended: ${await complaints}`));
      resolve();
    });
  });
  return {
    listeners,
    order<T>(order: WithoutNumber<Order>): Promise<T> {
      asked += 1;
      const answer = deferred<unknown>();
      waiting.set(asked, answer);
      child.stdin.write(`${JSON.stringify({ n: asked, ...order })}\n`);
      return answer.promise as Promise<T>;
    },
    stop() {
      child.kill("SIGKILL");
      return gone;
    },
  };
}

/** A driver whose hubs are served by another runtime than Node. */
export function otherRuntime(name: string, program: string, args: readonly string[]): AdapterDriver {
  let runtime: ReturnType<typeof startRuntime> | undefined;
  let hubs = 0;
  return {
    name,
    async start(options, origins) {
      runtime ??= startRuntime(program, args);
      const { order, listeners } = runtime;
      hubs += 1;
      const id = hubs;
      const origin = `http://127.0.0.1:${await order<number>({ id, act: "start", options, origins })}`;
      return {
        origin,
        ask: (path, ask = {}) => askHttp1(new URL(path, origin), ask),
        stop: () => order({ id, act: "stop" }),
        hub: {
          publish: (topic, data) => order({ id, act: "publish", topic, data }),
          onMessage(topic, handler) {
            listeners.set(`${id} ${topic}`, handler);
            return order({ id, act: "listen", topic });
          },
          lines: () => order({ id, act: "lines" }),
          close: () => order({ id, act: "close" }),
        },
      };
    },
    stop: async () => runtime?.stop(),
  };
}
