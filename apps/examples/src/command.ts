import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** The repository's root. */
export const root: string = fileURLToPath(new URL("../../..", import.meta.url));

/** What every program here is told: no telemetry, no questions, no colours. */
export const environment: NodeJS.ProcessEnv = {
  ...process.env,
  CI: "true",
  DO_NOT_TRACK: "1",
  NEXT_TELEMETRY_DISABLED: "1",
  NUXT_TELEMETRY_DISABLED: "1",
  NO_COLOR: "1",
  FORCE_COLOR: "0",
};

interface Where {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a program to its end. Throws what it said when it failed. */
export async function run(program: string, args: readonly string[], { cwd, env }: Where): Promise<void> {
  const child = spawn(program, args, { cwd, env: { ...environment, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += chunk));
  const [status] = (await once(child, "close").catch((cause: unknown) => {
    throw new Error(`${program} is not here. Start this as "npx pnpm@12 examples", which brings it.`, { cause });
  })) as [number | null];
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} failed in ${cwd}:\n${said}`);
}
