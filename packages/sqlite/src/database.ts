import { createRequire } from "node:module";
import { TidewireError } from "@tidewire/wire";

/** As much of a database as is used: Node's own and `better-sqlite3` alike. */
export interface Database {
  exec(sql: string): unknown;
  prepare(sql: string): Statement;
  close(): void;
}

/** One prepared statement. */
export interface Statement {
  run(...values: readonly Value[]): unknown;
  get(...values: readonly Value[]): unknown;
  all(...values: readonly Value[]): unknown[];
}

export type Value = string | number | null;

/** Opens a database by Node's own SQLite, and where that is not there by `better-sqlite3`. */
export function openDatabase(path: string): Database {
  const own = process.getBuiltinModule("node:sqlite") as typeof import("node:sqlite") | undefined;
  if (own) return new own.DatabaseSync(path) as Database;
  let BetterSqlite: new (path: string) => Database;
  try {
    BetterSqlite = createRequire(import.meta.url)("better-sqlite3");
  } catch (cause) {
    const message =
      "This Node has no SQLite of its own (22.13 and later do): install better-sqlite3 beside @tidewire/sqlite.";
    throw new TidewireError("option-invalid", message, { isFinal: true, cause });
  }
  return new BetterSqlite(path);
}
