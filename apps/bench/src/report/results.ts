import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { Conditions } from "./conditions.ts";

/** One run of one benchmark. */
export interface Result<T = unknown> {
  readonly at: Conditions;
  /** How much was measured. */
  readonly amount: string;
  readonly data: T;
}

/** How many runs are kept: two that agree say more than one. */
const KEPT = 2;

const fileOf = (name: string): URL => new URL(`../../results/${name}.json`, import.meta.url);

/** The kept runs, newest first. */
export function results<T>(name: string): Result<T>[] {
  const file = fileOf(name);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Result<T>[]) : [];
}

export function save(name: string, result: Result): void {
  const kept = [result, ...results(name)].slice(0, KEPT);
  const rounded = (_key: string, value: unknown): unknown =>
    typeof value === "number" ? Number(value.toFixed(3)) : value;
  mkdirSync(new URL(".", fileOf(name)), { recursive: true });
  writeFileSync(fileOf(name), `${JSON.stringify(kept, rounded, 2)}\n`);
}
