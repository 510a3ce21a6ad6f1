import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { environment } from "./command.ts";

/** A server that was started here. */
export interface Program {
  readonly url: string;
  /** Everything that it has said, to either stream. */
  readonly said: () => string;
  /** Every connection that the process itself has opened to anybody. */
  readonly dials: () => readonly string[];
  /** Asks it to end, and gives its exit code; throws when it stays. */
  end(): Promise<number | null>;
}

const START_MS = 60_000;
const END_MS = 15_000;
/** In seconds for SvelteKit and in milliseconds for Nitro, both 30 s: how long unused connections are waited for. */
const deadlines = { SHUTDOWN_TIMEOUT: "5", NITRO_SHUTDOWN_TIMEOUT: "5000" };
const preload = fileURLToPath(new URL("dial-watch.ts", import.meta.url));

/** Starts a Node program that listens on `PORT`, and waits until it answers `/`. */
export async function start(cwd: string, script: string, port: number): Promise<Program> {
  const child = spawn(process.execPath, ["--import", preload, script], {
    cwd,
    env: { ...environment, NODE_ENV: "production", PORT: String(port), ...deadlines },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (said += chunk));
  const dials: string[] = [];
  child.on("message", (message) => {
    if (typeof message === "string") dials.push(message);
  });
  const url = `http://localhost:${port}`;
  try {
    await answered(url, child);
  } catch (cause) {
    child.kill("SIGKILL");
    throw new Error(`${script} did not start:\n${said}`, { cause });
  }
  return { url, said: () => said, dials: () => dials, end: () => end(child) };
}

async function end(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, "close"); // with everything that it had to say
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    child.kill("SIGKILL");
  }, END_MS);
  child.kill("SIGTERM");
  const [code] = (await exited) as [number | null];
  clearTimeout(timer);
  if (isLate) throw new Error(`It still ran ${END_MS} ms after SIGTERM.`);
  return code;
}

async function answered(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    const isUp = await fetch(url).then(
      () => true,
      () => false, // not yet
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Nobody answers at ${url}; exit code ${child.exitCode}.`);
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
