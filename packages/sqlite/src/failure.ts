import { TidewireError } from "@tidewire/wire";

/** SQLite's own numbers, of which the lowest byte is the kind. */
const BUSY = 5;
const FULL = 13;
const CORRUPT = 11;
const NO_DATABASE = 26;
const READ_ONLY = 8;

const WORDS: ReadonlyMap<number, string> = new Map([
  [
    BUSY,
    "another process has it open: one file serves one process. End the other one first, or share an engine on a server (Redis, NATS).",
  ],
  [FULL, "the disk is full: make room. What was not appended was refused, and nothing else is lost."],
  [CORRUPT, "it is damaged: restore a copy, or move it away to begin anew."],
  [NO_DATABASE, "it is no SQLite database: move it away, or name another file."],
  [READ_ONLY, "it cannot be written to: check its owner and its folder."],
]);

/** What SQLite threw, in words that say what to do. */
export function failureOf(path: string, thrown: unknown): TidewireError {
  if (thrown instanceof TidewireError) return thrown;
  const { errcode, code, message } = thrown as { errcode?: number; code?: string; message?: string };
  const kind = errcode === undefined ? kindOf(code) : errcode & 0xff;
  const words = WORDS.get(kind ?? -1) ?? message ?? String(thrown);
  return new TidewireError("refused", `The log in ${path}: ${words}`, { cause: thrown });
}

/** `better-sqlite3` has names instead. */
function kindOf(code: string | undefined): number | undefined {
  if (code?.startsWith("SQLITE_BUSY")) return BUSY;
  if (code?.startsWith("SQLITE_FULL")) return FULL;
  if (code?.startsWith("SQLITE_CORRUPT")) return CORRUPT;
  if (code?.startsWith("SQLITE_NOTADB")) return NO_DATABASE;
  return code?.startsWith("SQLITE_READONLY") ? READ_ONLY : undefined;
}
