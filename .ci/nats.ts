// NATS with JetStream as the engine's tests and benchmarks need it: on loopback, on a free port, each in a folder of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { find } from "./tools.mjs";

/** A server that can be killed and started again where it was. */
export interface NatsServer {
  readonly url: string;
  /** SIGKILL, and gone. */
  kill(): Promise<void>;
  /** Hangs without ending, until `resume`. */
  pause(): void;
  resume(): void;
  /** Starts again at the same port and in the same folder: what it saved is there. */
  start(): Promise<void>;
  /** Copies what is saved. */
  save(): void;
  /** Puts the last copy in the place of what is saved now: only while the server is away. */
  restore(): void;
  stop(): Promise<void>;
}

/** Starts a server with these options beside the common ones. Throws where there is no NATS. */
export async function startNats(...options: readonly string[]): Promise<NatsServer> {
  const program = find("nats");
  if (program === undefined)
    throw new Error("There is no nats-server here: install it, or name one in NATS_SERVER_PATH.");
  const folder = mkdtempSync(join(tmpdir(), "tidewire-nats-"));
  const stored = join(folder, "stored");
  const saved = join(folder, "saved");
  let port = "-1"; // any
  let child: ChildProcess | undefined;
  const kill = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  };
  const endWithUs = () => void child?.kill("SIGKILL");
  process.once("exit", endWithUs);
  const start = async () => {
    const args = ["-a", "127.0.0.1", "-p", port, "-js", "-sd", stored, ...options];
    const started = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
    child = started;
    const said: string[] = [];
    for await (const line of createInterface({ input: started.stderr })) {
      said.push(line);
      port = /client connections on 127\.0\.0\.1:(\d+)/.exec(line)?.[1] ?? port;
      if (!line.includes("Server is ready")) continue;
      started.stderr.resume();
      return;
    }
    throw new Error(`nats-server ended: ${said.join("\n")}`);
  };
  const copy = (from: string, to: string) => {
    rmSync(to, { recursive: true, force: true });
    cpSync(from, to, { recursive: true });
  };
  await start();
  return {
    url: `nats://127.0.0.1:${port}`,
    kill,
    pause: () => void child?.kill("SIGSTOP"),
    resume: () => void child?.kill("SIGCONT"),
    start,
    save: () => copy(stored, saved),
    restore: () => copy(saved, stored),
    async stop() {
      process.removeListener("exit", endWithUs);
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
