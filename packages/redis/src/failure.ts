import { TidewireError } from "@tidewire/wire";

/** What a reply of the server means, by its first word. */
const MEANINGS: Readonly<Record<string, string>> = {
  OOM: "Redis is full: raise maxmemory, or keep less history",
  NOAUTH: "Redis asks for a password",
  WRONGPASS: "Redis refuses the user or the password",
  NOPERM:
    "Redis does not allow this user what the engine needs: eval, evalsha, script, info, publish, subscribe and its keys",
  READONLY: "This Redis is a replica now",
  LOADING: "Redis is still loading its data",
  MASTERDOWN: "This Redis is a replica whose master is away",
  CLUSTERDOWN: "The Redis cluster has slots that nobody serves",
  MISCONF: "Redis cannot save, and refuses writes until it can",
  BUSY: "Redis is busy with a script of somebody else",
  NOREPLICAS: "Redis has fewer replicas than it demands before it writes",
};

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The first word of a server's reply, such as NOSCRIPT; undefined for what no server said. */
export function wordOf(error: unknown): string | undefined {
  return /^-?([A-Z]{3,})\b/.exec(textOf(error))?.[1];
}

/**
 * Every failure of Redis passes, also a refusal, so its code is `network`; `detail.reason` has the server's word.
 * Clients put commands, and with AUTH passwords, beside their errors: what is told on is one line of text, without
 * an address's user.
 */
export function failure(error: unknown): TidewireError {
  if (error instanceof TidewireError) return error;
  const word = wordOf(error);
  const meaning = word === undefined ? "Redis cannot be reached" : (MEANINGS[word] ?? "Redis refused a command");
  const code = (error as { code?: unknown } | undefined)?.code;
  const said = textOf(error) || (typeof code === "string" ? code : "");
  const reason = said.replace(/\/\/[^@/\s]*@/g, "//").slice(0, 200);
  const text = reason ? `${meaning}: ${reason}` : `${meaning}.`;
  return new TidewireError("network", text, { detail: { reason: word } });
}

/** What is said while there is no connection. */
export const away = (): TidewireError =>
  new TidewireError("network", "Redis cannot be reached: the engine is connecting.");
