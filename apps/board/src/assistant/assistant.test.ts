import type { Client, Gap, Message } from "@tidewire/core";
import { expect, test } from "vitest";
import type { Answer, AnswerPart, Question, Reply } from "./answer.ts";
import { createAssistant, savedAnswer } from "./assistant.ts";

/** A stream that is in the test's hands. */
function source<T>() {
  const observers = new Set<(value: T) => void>();
  const subscribe = ({ next }: { next(value: T): void } | { (value: T): void; next?: never }) => {
    observers.add(next as (value: T) => void);
    return { unsubscribe: () => void observers.delete(next as (value: T) => void) };
  };
  const emit = (value: T): void => {
    for (const next of [...observers]) next(value);
  };
  return { subscribe, emit, observers };
}

/** A page whose hub and storage are in the test's hands; another page of the same tab has the same storage. */
function open(storage = new Map<string, string>()) {
  const questions: Question[] = [];
  const replies: ((reply: Reply) => void)[] = [];
  const opened: string[] = [];
  const parts = source<Message<AnswerPart>>();
  const gaps = source<Gap>();
  const client = {
    call(_method: string, question: Question) {
      questions.push(question);
      return new Promise<Reply>((resolve) => replies.push(resolve));
    },
    topic(name: string) {
      opened.push(name);
      return { messages$: parts, gaps$: { subscribe: (next: (gap: Gap) => void) => gaps.subscribe({ next }) } };
    },
  } as unknown as Client;
  const kept = { getItem: (key: string) => storage.get(key) ?? null, setItem: storage.set.bind(storage) };
  const assistant = createAssistant(client, kept);
  const shown: (Answer | undefined)[] = [];
  const look = () => assistant.subscribe({ next: (answer) => shown.push(answer), error() {}, complete() {} });
  const say = (text: string, isLast = false, id = questions.at(-1)?.id ?? savedAnswer(kept)!.id): void =>
    parts.emit({ data: { id, text, isLast }, id: `cursor after ${text}`, type: "message", topic: "answer.1" });
  return { storage, kept, assistant, look, shown, questions, replies, opened, parts, gaps, say };
}

async function asked() {
  const page = open();
  page.look();
  page.assistant.ask("  How are you? ");
  page.replies[0]!({ topic: "answer.1" });
  await expect.poll(() => page.opened).toEqual(["answer.1"]);
  return page;
}

test("the answer grows with each part, and is no longer read when it is whole", async () => {
  const { shown, say, parts, questions } = await asked();
  expect(questions[0]!.text).toBe("How are you?");
  say("Not mine. ", true, "another question");
  say("I am ");
  say("fine.", true);
  expect(shown.at(-1)).toMatchObject({ text: "I am fine.", state: "whole", question: "How are you?" });
  expect(parts.observers.size).toBe(0);
});

test("a page that is loaded again shows what it had, and goes on behind it", async () => {
  const first = await asked();
  first.say("I am ");
  const second = open(first.storage);
  expect(savedAnswer(second.kept)?.cursor).toBe("cursor after I am ");
  second.look();
  expect(second.opened).toEqual(["answer.1"]);
  expect(second.shown.at(-1)?.text).toBe("I am ");
  second.say("fine.", true);
  expect(second.shown.at(-1)).toMatchObject({ text: "I am fine.", state: "whole" });
  expect(second.questions).toEqual([]);
  const third = open(first.storage);
  third.look();
  expect(third.shown.at(-1)?.state).toBe("whole");
  expect(third.opened).toEqual([]);
});

test("a question that had no reply when the page was loaded again is asked again, by the same id", () => {
  const first = open();
  first.look();
  first.assistant.ask("How are you?");
  const second = open(first.storage);
  second.look();
  second.look();
  expect(second.questions).toEqual(first.questions);
});

test("a server that has forgotten the answer is said, and another question begins anew", async () => {
  const { shown, say, gaps, parts, assistant } = await asked();
  say("I am ");
  gaps.emit({ topic: "answer.1", epoch: 2, from: 1, to: 0, why: "epoch" });
  expect(shown.at(-1)).toMatchObject({ text: "I am ", state: "lost" });
  expect(parts.observers.size).toBe(0);
  assistant.ask("And now?");
  expect(shown.at(-1)).toMatchObject({ question: "And now?", text: "", state: "asked" });
});

test("the reply to a question that is no longer asked changes nothing", async () => {
  const page = open();
  page.look();
  page.assistant.ask("one");
  page.assistant.ask("two");
  page.replies[1]!({ problem: "Too many are asking." });
  await expect.poll(() => page.shown.at(-1)?.state).toBe("refused");
  page.replies[0]!({ topic: "answer.1" });
  await Promise.resolve();
  expect(page.shown.at(-1)).toMatchObject({ question: "two", text: "Too many are asking.", state: "refused" });
  expect(page.opened).toEqual([]);
});
