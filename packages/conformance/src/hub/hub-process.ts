import { fork } from "node:child_process";
import { once } from "node:events";
import type { HubOptions, HubStats } from "@tidewire/server";
import { onTestFinished } from "vitest";

/** A hub in a process of its own, whose topic "a" takes what clients publish. */
export interface HubProcess {
  readonly url: string;
  stats(): Promise<HubStats>;
  /** Blocks its event loop, and gives what it holds right after that. */
  block(ms: number): Promise<HubStats>;
  /** SIGKILL: it gets no chance to say goodbye. Done when it is gone. */
  kill(): Promise<void>;
}

/** Starts a hub on the engine that is served on `enginePort`. */
export async function startHubProcess(
  enginePort: number,
  options: Pick<HubOptions, "heartbeatMs" | "retainMessages"> = {},
): Promise<HubProcess> {
  const child = fork(new URL("./hub.child.ts", import.meta.url), [`${enginePort}`, JSON.stringify(options)], {
    execArgv: ["--conditions=@tidewire/source"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [port] = (await once(child, "message")) as [number];
  const block = async (blockMs: number): Promise<HubStats> => {
    child.send({ blockMs });
    return ((await once(child, "message")) as [HubStats])[0];
  };
  return {
    url: `http://127.0.0.1:${port}/`,
    block,
    stats: () => block(0),
    async kill() {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}
