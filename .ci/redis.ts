// Redis as the engine's tests and benchmarks need it: on loopback, on free ports, each in a folder of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { find } from "./tools.mjs";

/** A server that can be killed and started again where it was. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** Says one command, and gives the answer as text. Rejects where the server is away or refuses. */
  ask(...args: readonly string[]): Promise<string>;
  /** SIGKILL, and gone. */
  kill(): Promise<void>;
  /** Hangs without ending, until `resume`. */
  pause(): void;
  resume(): void;
  /** Starts again at the same port and in the same folder: what it saved is there. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a server with these options beside the common ones. Throws where there is no Redis. */
export async function startRedis(...options: readonly string[]): Promise<RedisServer> {
  const program = find("redis");
  if (program === undefined)
    throw new Error("There is no redis-server here: install it, or name one in REDIS_SERVER_PATH.");
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "tidewire-redis-"));
  const common = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--daemonize", "no", "--save", ""];
  let child: ChildProcess | undefined;
  const end = async (signal: "SIGKILL" | "SIGTERM") => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  };
  const endWithUs = () => void child?.kill("SIGKILL");
  process.once("exit", endWithUs);
  const start = async () => {
    const started = spawn(program, [...common, ...options], { stdio: ["ignore", "pipe", "ignore"] });
    child = started;
    const said: string[] = [];
    for await (const line of createInterface({ input: started.stdout })) {
      said.push(line);
      if (!line.includes("Ready to accept connections")) continue;
      started.stdout.resume();
      return;
    }
    throw new Error(`redis-server ended: ${said.join("\n")}`);
  };
  await start();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    ask: (...args) => ask(port, args),
    kill: () => end("SIGKILL"),
    pause: () => void child?.kill("SIGSTOP"),
    resume: () => void child?.kill("SIGCONT"),
    start,
    async stop() {
      process.removeListener("exit", endWithUs);
      child?.kill("SIGCONT");
      await end("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Starts a cluster of three masters, and gives its nodes once all agree. */
export async function startRedisCluster(...more: readonly string[]): Promise<readonly RedisServer[]> {
  const options = [...more, "--cluster-enabled", "yes", "--cluster-node-timeout", "1000", "--cluster-port"];
  const nodes: RedisServer[] = [];
  for (let index = 0; index < 3; index += 1) nodes.push(await startRedis(...options, String(await freePort())));
  const [first] = nodes as [RedisServer];
  for (const [index, node] of nodes.entries()) {
    const range = [Math.ceil((index * 16384) / 3), Math.ceil(((index + 1) * 16384) / 3) - 1].map(String);
    await node.ask("CLUSTER", "ADDSLOTSRANGE", ...range);
    await node.ask("CONFIG", "SET", "cluster-require-full-coverage", "no");
  }
  for (const node of nodes) {
    for (;;) {
      const info = await node.ask("CLUSTER", "INFO");
      if (info.includes("cluster_state:ok") && info.includes("cluster_size:3")) break;
      // A handshake that took too long is forgotten by both: it is asked for until all have met.
      for (const other of nodes) if (other !== first) await meet(first, other);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
  return nodes;
}

async function meet(one: RedisServer, other: RedisServer): Promise<void> {
  const bus = /@(\d+)/.exec(await other.ask("CLUSTER", "NODES"))?.[1] as string;
  const at = ["CLUSTER", "MEET", "127.0.0.1", String(other.port)];
  await one.ask(...at, bus === "0" ? "" : bus).catch(() => one.ask(...at));
}

/** One command on a connection of its own; the answer as it stands on the wire, without the first sign. */
async function ask(port: number, args: readonly string[]): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  const parts = args.map((arg) => `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`);
  socket.end(`*${args.length}\r\n${parts.join("")}`);
  let answer = "";
  for await (const chunk of socket.setEncoding("utf8")) answer += chunk;
  if (answer.startsWith("-") || answer === "") throw new Error(`Redis: ${answer.trim() || "no answer"}`);
  return answer.slice(1).trim();
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
