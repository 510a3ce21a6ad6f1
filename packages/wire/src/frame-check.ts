/** Fields of a value that came from the network. */
export type Fields = Readonly<Record<string, unknown>>;

/** True when one field is what a frame needs. */
export type Check = (value: unknown) => boolean;

/** What each kind of frame must have to be that kind. Fields beside it are ignored. */
export type Kinds = ReadonlyMap<unknown, readonly (readonly [field: string, check: Check])[]>;

/** A day: no duration in a frame is longer. */
const LONGEST_MS = 86_400_000;

/** Checks that frames share. */
export const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
export const isDuration: Check = (value) => typeof value === "number" && value >= 0 && value <= LONGEST_MS;
export const isGiven: Check = (value) => value !== undefined;
// Tables made of these are dropped whole by a bundler that is told so: not every one looks into functions.
/* @__NO_SIDE_EFFECTS__ */
export const isText = (max: number): Check => {
  return (value) => typeof value === "string" && value.length <= max;
};
/* @__NO_SIDE_EFFECTS__ */
export const oneOf = (...words: readonly string[]): Check => {
  const known: ReadonlySet<unknown> = new Set(words);
  return (value) => known.has(value);
};
/* @__NO_SIDE_EFFECTS__ */
export const optional = (check: Check): Check => {
  return (value) => value === undefined || check(value);
};

/** The fields of an object; undefined for everything else. */
export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** The values of a batch, whole or not at all. Undefined for what is no batch. */
export function parseBatch(text: string): unknown[] | undefined {
  if (text === "") return undefined;
  try {
    // JSON has no line feed inside, so one look of the parser reads the whole batch.
    return JSON.parse(`[${text.replaceAll("\n", ",")}]`);
  } catch {
    return undefined; // What is wrong with hostile text is not worth a word: it is answered with 4400.
  }
}

/** True for a frame as it must be, false for a broken one, undefined for a kind that is not known here. */
export function checkFrame(value: unknown, kinds: Kinds): boolean | undefined {
  const fields = fieldsOf(value);
  if (!fields || typeof fields["k"] !== "string") return false;
  const checks = kinds.get(fields["k"]);
  return checks?.every(([field, check]) => check(fields[field]));
}

/** Frames as the text of one batch. */
export function encodeBatch(frames: readonly unknown[]): string {
  return frames.map((frame) => JSON.stringify(frame)).join("\n");
}
