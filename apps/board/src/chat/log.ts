import { asChatLine, type ChatLine } from "./line.ts";

/** How many lines a board keeps on screen. */
export const CHAT_KEPT = 200;

export const noLines: readonly ChatLine[] = [];

/**
 * Folds one message of the chat into its lines. History comes again with every new connection, so a line that is there
 * already changes nothing, and the order is the feed's.
 */
export function foldChat(lines: readonly ChatLine[], message: unknown): readonly ChatLine[] {
  const line = asChatLine(message);
  if (line === undefined || lines.some(({ id }) => id === line.id)) return lines;
  return [...lines, line].slice(-CHAT_KEPT);
}

/** A line as it is shown. */
export interface ShownLine extends ChatLine {
  /** Written here, and not yet seen to come back from the feed. */
  readonly isPending: boolean;
}

/** The feed's lines, and after them those that wait in the outbox. */
export function shownLines(lines: readonly ChatLine[], pending: readonly ChatLine[]): readonly ShownLine[] {
  const seen = new Set(lines.map(({ id }) => id));
  return [
    ...lines.map((line) => ({ ...line, isPending: false })),
    ...pending.filter(({ id }) => !seen.has(id)).map((line) => ({ ...line, isPending: true })),
  ];
}
