import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import os from "node:os";

/** When, where and with what something was measured. */
export interface Conditions {
  readonly date: string;
  readonly commit: string;
  readonly machine: string;
  /** The higher load average of the minutes before it began and before it ended; what was measured is in the latter. */
  readonly load: number;
  readonly node: string;
  readonly versions: Readonly<Record<string, string>>;
}

const manifestOf = (path: string): { version: string; dependencies?: Record<string, string> } =>
  JSON.parse(readFileSync(new URL(`../../${path}package.json`, import.meta.url), "utf8"));

export function conditions(): Conditions {
  const names = Object.keys(manifestOf("").dependencies ?? {}).filter((name) => !/^@(types|tidewire)\//.test(name));
  const [cpu] = os.cpus();
  return {
    date: new Date().toISOString().slice(0, 16),
    commit: execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim(),
    machine: `${os.availableParallelism()} × ${cpu?.model ?? "?"}, ${Math.round(os.totalmem() / 2 ** 30)} GB, ${os.type()} ${os.release()}`,
    load: os.loadavg()[0] ?? 0,
    node: process.version,
    versions: Object.fromEntries(names.map((name) => [name, manifestOf(`node_modules/${name}/`).version])),
  };
}
