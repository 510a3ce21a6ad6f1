import { expect, test } from "vitest";
import { NAME_LENGTH } from "./line.ts";
import { asTypingNews, createTypingTeller, type TypingNews, typingWords } from "./typing.ts";

function teller() {
  const said: [TypingNews, { readonly volatile: boolean }][] = [];
  let now = 0;
  const topic = {
    send: async (news: TypingNews, how: { readonly volatile: boolean }) => void said.push([news, how]),
  };
  const later = (ms: number): void => {
    now += ms;
  };
  return { said, later, typing: createTypingTeller(topic, "me", () => now) };
}

test("typing is said at once, then now and then, and always volatile", () => {
  const { said, later, typing } = teller();
  typing.typed("Ada", "h");
  typing.typed("Ada", "he");
  later(2000);
  typing.typed("Ada", "hello");
  expect(said).toEqual([
    [{ id: "me", name: "Ada", isTyping: true }, { volatile: true }],
    [{ id: "me", name: "Ada", isTyping: true }, { volatile: true }],
  ]);
});

test("a line that was sent or deleted ends it, once", () => {
  const { said, typing } = teller();
  typing.stopped("Ada");
  typing.typed("Ada", "h");
  typing.typed("Ada", "  ");
  typing.stopped("Ada");
  expect(said.map(([{ isTyping }]) => isTyping)).toEqual([true, false]);
});

test("a name that is too long or missing is still one that the feed takes", () => {
  const { said, typing } = teller();
  typing.typed("x".repeat(2 * NAME_LENGTH), "h");
  typing.stopped(" ");
  expect(said.map(([news]) => asTypingNews(news)?.name)).toEqual(["x".repeat(NAME_LENGTH), "Somebody"]);
});

test("what is no news is left out", () => {
  const news = { id: "a", name: "Ada", isTyping: true };
  for (const value of [null, 1, [], {}, { ...news, id: "" }, { ...news, id: "x".repeat(65) }, { ...news, isTyping: 1 }])
    expect(asTypingNews(value)).toBeUndefined();
  expect(asTypingNews({ ...news, more: 1 })).toEqual(news);
});

test("the words name the others, and not too many of them", () => {
  const typists = ["me", "Ada", "Bob", "Cleo", "Dan"].map((name) => ({ id: name, name }));
  const words = [1, 2, 3, 4, 5].map((count) => typingWords(typists.slice(0, count), "me"));
  expect(words).toEqual([
    "",
    "Ada is typing …",
    "Ada and Bob are typing …",
    "Ada, Bob and Cleo are typing …",
    "Ada, Bob and 2 others are typing …",
  ]);
});
