import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChatLine } from "board/chat";
import { afterEach, beforeEach, expect, test } from "vitest";
import { BOOK_LINES, openChatBook } from "./book.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tidewire-book-"));
  path = join(folder, "data", "chat.jsonl");
});
afterEach(() => rmSync(folder, { recursive: true }));

const line = (id: string): ChatLine => ({ id, from: "Ada", text: `text ${id}\nand more`, at: 1 });

test("lines are there when the book is opened again, in their order", () => {
  const book = openChatBook(path);
  book.add(line("a"));
  book.add(line("b"));
  expect(openChatBook(path).lines).toEqual([line("a"), line("b")]);
});

test("a line that comes twice is written once, also after a restart", () => {
  expect(openChatBook(path).add(line("a"))).toBe(true);
  const again = openChatBook(path);
  expect(again.add(line("a"))).toBe(false);
  expect(again.lines).toHaveLength(1);
});

test("half a line, left by a process that was killed, spoils neither its neighbours nor the next line", () => {
  openChatBook(path).add(line("a"));
  appendFileSync(path, '{"id":"b","from":"A');
  const book = openChatBook(path);
  expect(book.lines).toEqual([line("a")]);
  book.add(line("c"));
  expect(openChatBook(path).lines).toEqual([line("a"), line("c")]);
});

test("the book and its file are bounded, and keep the newest lines", () => {
  const book = openChatBook(path);
  for (let n = 0; n < 2 * BOOK_LINES + 10; n += 1) book.add(line(`${n}`));
  expect(book.lines).toHaveLength(BOOK_LINES);
  expect(book.lines.at(-1)?.id).toBe(`${2 * BOOK_LINES + 9}`);
  expect(readFileSync(path, "utf8").trimEnd().split("\n").length).toBeLessThan(2 * BOOK_LINES);
  expect(openChatBook(path).lines).toEqual(book.lines);
});
