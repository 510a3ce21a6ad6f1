import { TidewireError } from "@tidewire/wire";

/**
 * Data as JSON text. Throws `message-invalid` for what JSON has no word for, and says which that is: also for NaN and
 * Infinity, which `JSON.stringify` would make null without a word. `what` names the data in the message.
 */
export function encodeData(data: unknown, what: string): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(data);
  } catch (cause) {
    throw invalid(
      `${what} cannot be written as JSON: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    );
  }
  if (text === undefined)
    throw invalid(`${what} is ${nameOf(data)}, for which JSON has no word: give null for nothing.`);
  // Only text with a null in it can hide one: all other data is not looked at twice.
  const hidden = text.includes("null") ? findNonFinite(data, "") : undefined;
  if (hidden) throw invalid(`${what} is ${hidden}, for which JSON has no word: give null, or text.`);
  return text;
}

function nameOf(data: unknown): string {
  return data === undefined ? "undefined" : `a ${typeof data}`;
}

/** "NaN at .prices[3]": the first number that JSON would make null. JSON.stringify came to an end, so there is no circle. */
function findNonFinite(value: unknown, path: string): string | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? undefined : `${value}${path && ` at ${path}`}`;
  if (typeof value !== "object" || value === null || "toJSON" in value) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = findNonFinite(inner, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`);
    if (found) return found;
  }
  return undefined;
}

function invalid(message: string, cause?: unknown): TidewireError {
  return new TidewireError("message-invalid", message, { isFinal: true, cause });
}
