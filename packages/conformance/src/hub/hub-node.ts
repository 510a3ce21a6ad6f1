import { fork } from "node:child_process";
import { once } from "node:events";
import type { Engine, HubEvent } from "@tidewire/server";
import type { NodeOrder, NodeWord } from "./hub-node.child.ts";
import { shareEngine } from "./shared-engine.ts";

/** Something that happened on a node, and when, in milliseconds of the day's clock. */
export interface Happened {
  readonly event: HubEvent;
  readonly at: number;
}

/** A hub in a process of its own. */
export interface HubNode {
  readonly port: number;
  readonly happened: readonly Happened[];
  /** Asks it to end, as a deploy does; gives how it ended, and after how many milliseconds. */
  terminate(): Promise<{ readonly code: number | null; readonly afterMs: number }>;
  kill(): void;
}

/** Starts a hub on an engine of this process; resolves when it listens. */
export async function startHubNode(engine: Engine, order: NodeOrder, execArgv: readonly string[]): Promise<HubNode> {
  const child = fork(new URL("./hub-node.child.ts", import.meta.url), [JSON.stringify(order)], {
    execArgv: [...execArgv],
    serialization: "advanced",
  });
  shareEngine(engine, child);
  const exited = once(child, "exit") as Promise<[code: number | null]>;
  const happened: Happened[] = [];
  const port = await new Promise<number>((resolve, reject) => {
    void exited.then(([code]) => reject(new Error(`The node ended with ${code} before it listened.`)));
    child.on("message", (word: NodeWord) => {
      if ("port" in word) resolve(word.port);
      if ("event" in word) happened.push(word);
    });
  });
  return {
    port,
    happened,
    async terminate() {
      const start = performance.now();
      child.kill("SIGTERM");
      const [code] = await exited;
      return { code, afterMs: performance.now() - start };
    },
    kill: () => void child.kill("SIGKILL"),
  };
}
