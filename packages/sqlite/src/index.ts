export { type SqliteEngine, type SqliteOptions, sqlite } from "./sqlite.ts";
export type { Durability } from "./store.ts";
