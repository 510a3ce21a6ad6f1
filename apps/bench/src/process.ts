import { type ChildProcess, type ForkOptions, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** Starts a script of this folder as a process that talks to this one, and goes with it. */
export function start(script: URL, options: ForkOptions = {}): ChildProcess {
  const child = fork(fileURLToPath(script), { stdio: ["ignore", "ignore", "inherit", "ipc"], ...options });
  child.setMaxListeners(0);
  return child;
}

/** The next message of a process. Rejects when it ends, or says nothing in time. */
export async function nextMessage<T>(child: ChildProcess, timeoutMs = 60_000): Promise<T> {
  const stop = new AbortController();
  const { signal } = stop;
  const ended = once(child, "exit", { signal }).then(([code, signal]) => {
    throw new Error(`A process ended with ${code ?? signal} before it answered.`);
  });
  const late = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new Error(`No answer in ${timeoutMs} ms.`)), timeoutMs);
    signal.addEventListener("abort", () => clearTimeout(timer));
  });
  try {
    const [message] = await Promise.race([once(child, "message", { signal }), ended, late]);
    return message as T;
  } finally {
    stop.abort();
    ended.catch(() => {});
  }
}

/** Tells a process what to do, and gives its answer. */
export function ask<T>(child: ChildProcess, order: object): Promise<T> {
  const answer = nextMessage<T>(child);
  child.send(order);
  return answer;
}

/** Ends a process that was started here, and waits until it is gone. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}
