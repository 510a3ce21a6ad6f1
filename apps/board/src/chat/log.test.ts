import { expect, test } from "vitest";
import { asChatLine, type ChatLine, chatLine, NAME_LENGTH, TEXT_LENGTH } from "./line.ts";
import { CHAT_KEPT, foldChat, noLines, shownLines } from "./log.ts";

const line = (id: string): ChatLine => ({ id, from: "Ada", text: `text ${id}`, at: 1 });

test("history that comes again changes nothing, not even the object", () => {
  const lines = [line("a"), line("b")].reduce(foldChat, noLines);
  expect(foldChat(lines, line("a"))).toBe(lines);
  expect(foldChat(lines, line("c")).map(({ id }) => id)).toEqual(["a", "b", "c"]);
});

test("the log keeps the newest lines only", () => {
  const many = Array.from({ length: CHAT_KEPT + 5 }, (_, n) => line(`${n}`)).reduce(foldChat, noLines);
  expect(many).toHaveLength(CHAT_KEPT);
  expect(many.at(-1)?.id).toBe(`${CHAT_KEPT + 4}`);
});

test("what is not a line of the chat is left out", () => {
  for (const value of [null, 1, "text", [], {}, { ...line("a"), id: "" }, { ...line("a"), text: "  " }])
    expect(foldChat(noLines, value)).toBe(noLines);
  for (const value of [
    { ...line("a"), at: Number.NaN },
    { ...line("a"), text: "x".repeat(TEXT_LENGTH + 1) },
    { ...line("a"), from: "x".repeat(NAME_LENGTH + 1) },
  ])
    expect(asChatLine(value)).toBeUndefined();
  expect(asChatLine({ ...line("a"), isAdmin: true })).toEqual(line("a"));
});

test("a line that waits is shown last, and once when the feed has it", () => {
  const shown = shownLines([line("a"), line("b")], [line("b"), line("c")]);
  expect(shown.map(({ id, isPending }) => [id, isPending])).toEqual([
    ["a", false],
    ["b", false],
    ["c", true],
  ]);
});

test("a written line is always one that the feed takes", () => {
  const written = chatLine(" ".repeat(3), ` ${"x".repeat(2 * TEXT_LENGTH)} `);
  expect(asChatLine(written)).toEqual(written);
  expect(written.from).toBe("Somebody");
  expect(written.text).toHaveLength(TEXT_LENGTH);
  expect(chatLine("Ada", "hi").id).not.toBe(chatLine("Ada", "hi").id);
});
