import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../../../apps/feed/src/main.ts", import.meta.url));

/** The feed as its user starts it: a process of its own, with a folder of its own for the chat. */
export interface FeedProcess extends AsyncDisposable {
  /** Where it said that it is: `http://localhost:port/`. */
  readonly url: string;
  /** SIGKILL: it gets no chance to say goodbye. Resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port, with the same folder. */
  startAgain(): Promise<void>;
  /** Ends it with a signal, and gives its exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts a feed on a free port, with further variables in its environment. */
export async function startFeedProcess(settings: Readonly<Record<string, string>> = {}): Promise<FeedProcess> {
  const folder = mkdtempSync(join(tmpdir(), "tidewire-boards-"));
  const spawnAt = (port: number) => spawnFeed({ ...settings, PORT: `${port}`, TIDEWIRE_DATA: folder });
  let { child, url } = await spawnAt(0);

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, "exit");
      child.kill(signal);
      await gone;
    }
    return child.exitCode;
  }

  return {
    url,
    end,
    async kill() {
      await end("SIGKILL");
    },
    async startAgain() {
      ({ child } = await spawnAt(Number(new URL(url).port)));
    },
    async [Symbol.asyncDispose]() {
      await end("SIGKILL");
      rmSync(folder, { recursive: true });
    },
  };
}

async function spawnFeed(settings: Readonly<Record<string, string>>): Promise<{ child: ChildProcess; url: string }> {
  const env = { ...process.env, ...settings };
  const child = spawn(process.execPath, [main], { env, stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /http:\/\/localhost:\d+\//.exec(line)?.[0];
    if (url === undefined) continue;
    child.stdout.resume();
    return { child, url };
  }
  throw new Error("The feed ended before it said where it is: see its words above.");
}
