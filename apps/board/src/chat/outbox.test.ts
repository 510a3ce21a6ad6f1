import { expect, test } from "vitest";
import { type ChatLine, chatLine } from "./line.ts";
import { type Chat, createOutbox, type Outbox } from "./outbox.ts";

/** A chat that is in the test's hands. */
function fakeChat() {
  const readers = new Set<(line: ChatLine) => void>();
  const sends: { line: ChatLine; fail(error: Error): void; done(): void }[] = [];
  const chat: Chat = {
    subscribe({ next }) {
      readers.add(next);
      return { unsubscribe: () => void readers.delete(next) };
    },
    send: (line) => new Promise((resolve, reject) => sends.push({ line, done: resolve, fail: reject })),
  };
  const arrive = (line: ChatLine): void => {
    for (const next of [...readers]) next(line);
  };
  return { chat, sends, readers, arrive };
}

function pendingOf(outbox: Outbox): () => readonly string[] {
  let pending: readonly ChatLine[] = [];
  outbox.subscribe({
    next(now) {
      pending = now;
    },
    error: () => {},
    complete: () => {},
  });
  return () => pending.map(({ text }) => text);
}

test("a line is shown until it comes back, not only until it is acknowledged", async () => {
  const { chat, sends, arrive } = fakeChat();
  const outbox = createOutbox(chat);
  const pending = pendingOf(outbox);
  const line = chatLine("Ada", "hello");
  const written = outbox.write(line);
  expect(pending()).toEqual(["hello"]);
  sends[0]!.done();
  await written;
  expect(pending()).toEqual(["hello"]);
  arrive({ ...line, at: 1 });
  expect(pending()).toEqual([]);
});

test("a line that comes back after a restart, before its send is done, is shown once", async () => {
  const { chat, sends, arrive } = fakeChat();
  const outbox = createOutbox(chat);
  const pending = pendingOf(outbox);
  const line = chatLine("Ada", "hello");
  const written = outbox.write(line);
  arrive(line);
  expect(pending()).toEqual([]);
  sends[0]!.done();
  await written;
  expect(pending()).toEqual([]);
});

test("a line that the hub would not have is taken away, and its writer is told", async () => {
  const { chat, sends } = fakeChat();
  const outbox = createOutbox(chat);
  const pending = pendingOf(outbox);
  const [one, two] = [outbox.write(chatLine("Ada", "one")), outbox.write(chatLine("Ada", "two"))];
  sends[0]!.fail(new Error("too much waits"));
  await expect(one).rejects.toThrow("too much waits");
  expect(pending()).toEqual(["two"]);
  sends[1]!.done();
  await two;
});

test("the chat is read only while a line is on its way", async () => {
  const { chat, sends, readers, arrive } = fakeChat();
  const outbox = createOutbox(chat);
  const line = chatLine("Ada", "hello");
  expect(readers.size).toBe(0);
  const written = outbox.write(line);
  expect(readers.size).toBe(1);
  arrive(line);
  expect(readers.size).toBe(0);
  sends[0]!.done();
  await written;
});
