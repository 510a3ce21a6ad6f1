import { fork } from "node:child_process";
import { once } from "node:events";
import type { HubEvent, HubStats } from "@tidewire/server";
import { type Deferred, deferred } from "../faults/deferred.ts";
import type { HubOrder, HubWord } from "./hub.child.ts";

/** Something that happened on a node, and when, in milliseconds since 1970. */
export interface Happened {
  readonly event: HubEvent;
  readonly at: number;
}

/** A hub in a process of its own. */
export interface HubProcess {
  readonly port: number;
  readonly url: string;
  /** Everything so far, oldest first. */
  readonly happened: readonly Happened[];
  stats(): Promise<HubStats>;
  /** Blocks its event loop, and gives what it holds right after that. */
  block(ms: number): Promise<HubStats>;
  /** SIGTERM, as a deploy does; gives how it ended, and after how many milliseconds. */
  terminate(): Promise<{ readonly code: number | null; readonly afterMs: number }>;
  /** SIGKILL: it gets no chance to say goodbye. Done when it is gone. */
  kill(): Promise<void>;
}

/** Starts a hub; resolves when it listens. It reads the packages' sources, or what `execArgv` says. */
export async function startHubProcess(
  order: HubOrder,
  execArgv: readonly string[] = ["--conditions=@tidewire/source"],
): Promise<HubProcess> {
  const child = fork(new URL("./hub.child.ts", import.meta.url), [JSON.stringify(order)], { execArgv: [...execArgv] });
  const exited = once(child, "exit") as Promise<[code: number | null]>;
  const listening = deferred<number>();
  const asked: Deferred<HubStats>[] = [];
  const happened: Happened[] = [];
  child.on("message", (word: HubWord) => {
    if ("port" in word) listening.resolve(word.port);
    else if ("event" in word) happened.push(word);
    else asked.shift()?.resolve(word.stats);
  });
  void exited.then(([code]) => listening.reject(new Error(`The hub ended with ${code} before it listened.`)));
  const port = await listening.promise;
  const block = (blockMs: number): Promise<HubStats> => {
    const answer = deferred<HubStats>();
    asked.push(answer);
    child.send({ blockMs });
    return answer.promise;
  };
  return {
    port,
    url: `http://127.0.0.1:${port}/realtime`,
    happened,
    block,
    stats: () => block(0),
    async terminate() {
      const start = performance.now();
      child.kill("SIGTERM");
      const [code] = await exited;
      return { code, afterMs: performance.now() - start };
    },
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
