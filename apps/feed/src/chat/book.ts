import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { asChatLine, type ChatLine } from "board/chat";

/** How many lines are kept; a line that is sent again is known among these. */
export const BOOK_LINES = 1000;

/** The chat on disk. */
export interface ChatBook {
  /** Oldest first. */
  readonly lines: readonly ChatLine[];
  /** Writes a line down. False when it was there already. */
  add(line: ChatLine): boolean;
}

/**
 * Opens the file of chat lines, one JSON object a line. A line is handed to the system before `add` returns, so it
 * outlives a process that is killed at any moment. The file is made anew when it holds twice as many lines as are kept.
 */
export function openChatBook(path: string): ChatBook {
  mkdirSync(dirname(path), { recursive: true });
  const written = existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
  const found = written.map(parse).filter((line) => line !== undefined);
  // By id: a line that was written twice is read once.
  const kept = new Map(found.slice(-BOOK_LINES).map((line) => [line.id, line]));
  let inFile = 0;

  function rewrite(): void {
    writeFileSync(`${path}.new`, [...kept.values()].map(asText).join(""));
    renameSync(`${path}.new`, path); // at once, or not at all
    inFile = kept.size;
  }
  rewrite(); // a process killed while it wrote may have left half a line, which the next line must not be glued to

  return {
    get lines() {
      return [...kept.values()];
    },
    add(line) {
      if (kept.has(line.id)) return false;
      appendFileSync(path, asText(line));
      kept.set(line.id, line);
      inFile += 1;
      const [oldest] = kept.keys();
      if (kept.size > BOOK_LINES && oldest !== undefined) kept.delete(oldest);
      if (inFile >= 2 * BOOK_LINES) rewrite();
      return true;
    },
  };
}

const asText = (line: ChatLine): string => `${JSON.stringify(line)}\n`;

function parse(text: string): ChatLine | undefined {
  try {
    return asChatLine(JSON.parse(text));
  } catch {
    return undefined;
  }
}
