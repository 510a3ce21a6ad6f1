import type { Status } from "@tidewire/core";
import { describe, expect, test } from "vitest";
import { type ChatLine, chatLine } from "./line.ts";
import { type Chat, createOutbox, OUTBOX_LINES } from "./outbox.ts";

const open: Status = { status: "open", since: 0, error: undefined };
const waiting: Status = { status: "waiting", attempt: 1, retryAt: 0, error: undefined };

/** A chat whose connection and feed are in the test's hands. */
function fakeChat(first: Status) {
  const readers = new Set<(message: unknown) => void>();
  const watchers = new Set<(status: Status) => void>();
  const sent: ChatLine[] = [];
  let status = first;
  const chat: Chat = {
    get status() {
      return status;
    },
    status$: {
      subscribe({ next }) {
        watchers.add(next);
        next(status);
        return { unsubscribe: () => void watchers.delete(next) };
      },
    },
    subscribe({ next }) {
      readers.add(next);
      return { unsubscribe: () => void readers.delete(next) };
    },
    send(line) {
      if (status.status !== "open") return Promise.reject(new Error("not open"));
      sent.push(line);
      return Promise.resolve();
    },
  };
  return {
    chat,
    sent,
    readers,
    arrive(message: unknown) {
      for (const next of [...readers]) next(message);
    },
    become(next: Status) {
      status = next;
      for (const watcher of [...watchers]) watcher(next);
    },
  };
}

function pendingOf(outbox: ReturnType<typeof createOutbox>): () => readonly ChatLine[] {
  let pending: readonly ChatLine[] = [];
  outbox.subscribe({
    next(now) {
      pending = now;
    },
    error: () => {},
    complete: () => {},
  });
  return () => pending;
}

describe("the outbox", () => {
  test("sends a line at once, and keeps it until it comes back", () => {
    const { chat, sent, arrive } = fakeChat(open);
    const outbox = createOutbox(chat);
    const pending = pendingOf(outbox);
    const line = chatLine("Ada", "hello");

    expect(outbox.write(line)).toBe(true);
    expect(sent).toEqual([line]);
    expect(pending()).toEqual([line]);

    arrive({ ...line, at: 1 });
    expect(pending()).toEqual([]);
  });

  test("sends every waiting line in order, each time a connection opens", () => {
    const { chat, sent, arrive, become } = fakeChat(waiting);
    const outbox = createOutbox(chat);
    const [one, two] = [chatLine("Ada", "one"), chatLine("Ada", "two")];
    outbox.write(one);
    outbox.write(two);
    expect(sent).toEqual([]);

    become(open);
    expect(sent).toEqual([one, two]);

    arrive(one);
    become(waiting);
    become(open);
    expect(sent).toEqual([one, two, two]);
  });

  test("does not send again because the status was said twice", () => {
    const { chat, sent, become } = fakeChat(open);
    createOutbox(chat).write(chatLine("Ada", "once"));
    become(open);
    expect(sent).toHaveLength(1);
  });

  test("reads the chat only while a line waits", () => {
    const { chat, readers, arrive } = fakeChat(open);
    const outbox = createOutbox(chat);
    const line = chatLine("Ada", "hello");
    expect(readers.size).toBe(0);
    outbox.write(line);
    expect(readers.size).toBe(1);
    arrive({ nonsense: true });
    expect(readers.size).toBe(1);
    arrive(line);
    expect(readers.size).toBe(0);
  });

  test("refuses a line when too many wait already", () => {
    const outbox = createOutbox(fakeChat(waiting).chat);
    const pending = pendingOf(outbox);
    for (let n = 0; n < OUTBOX_LINES; n += 1) expect(outbox.write(chatLine("Ada", `${n}`))).toBe(true);
    expect(outbox.write(chatLine("Ada", "one too many"))).toBe(false);
    expect(pending()).toHaveLength(OUTBOX_LINES);
  });
});
