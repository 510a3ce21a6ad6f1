import type { Client, Subscribable } from "@tidewire/core";
import { newId } from "../id.ts";
import { type Answer, type AnswerPart, foldAnswer, QUESTION_LENGTH, type Question, type Reply } from "./answer.ts";

/** One question and its answer, kept over a reload. It can be read like any stream: it emits the answer so far. */
export interface Assistant extends Subscribable<Answer | undefined> {
  /** Asks. The answer before is forgotten. */
  ask(text: string): void;
}

/** Where the answer is kept: the page's `sessionStorage`. */
export type Storage = Pick<globalThis.Storage, "getItem" | "setItem">;

const KEY = "tidewire.answer";

/** What an earlier page left here. Its `cursor` belongs to the client that reads on. */
export function savedAnswer(storage: Storage): Answer | undefined {
  const text = storage.getItem(KEY);
  return text === null ? undefined : (JSON.parse(text) as Answer);
}

/**
 * Asks by a call, and reads the answer from the topic that the call names. Text and cursor are saved together at each
 * word, so a page that is loaded again goes on behind the last word it has, over whichever transport.
 */
export function createAssistant(client: Pick<Client, "topic" | "call">, storage: Storage): Assistant {
  let answer = savedAnswer(storage);
  let stop = (): void => {};
  let isStarted = false;
  const observers = new Set<{ next: (answer: Answer | undefined) => void }>();

  function change(next: Answer): void {
    answer = next;
    storage.setItem(KEY, JSON.stringify(next));
    for (const observer of [...observers]) observer.next(next);
  }

  async function request({ id, question }: Answer): Promise<void> {
    const ours = (state: Answer["state"], more: Partial<Answer>): void => {
      if (answer?.id === id) change({ ...answer, ...more, state });
    };
    try {
      const reply = await client.call<Reply>("ask", { id, text: question } satisfies Question);
      if ("problem" in reply) return ours("refused", { text: reply.problem });
      ours("coming", { topic: reply.topic });
      if (answer?.id === id) follow(answer);
    } catch (error) {
      ours("refused", { text: (error as Error).message });
    }
  }

  function follow({ topic }: Answer): void {
    const parts = client.topic<AnswerPart>(topic, { from: "earliest" });
    const reading = parts.messages$.subscribe({
      next({ data, id }) {
        const next = answer && foldAnswer(answer, data, id);
        if (next === undefined || next === answer) return;
        change(next);
        if (next.state === "whole") stop();
      },
      error: (error: Error) => answer && change({ ...answer, state: "refused", text: error.message }),
    });
    const gaps = parts.gaps$.subscribe(() => {
      if (answer?.state === "coming") change({ ...answer, state: "lost" });
      stop();
    });
    stop = () => {
      reading.unsubscribe();
      gaps.unsubscribe();
    };
  }

  return {
    ask(text) {
      stop();
      const question = text.trim().slice(0, QUESTION_LENGTH);
      const asked: Answer = { id: newId(), question, text: "", state: "asked", topic: "", cursor: "" };
      change(asked);
      void request(asked);
    },
    subscribe(observer) {
      observers.add(observer);
      observer.next(answer);
      if (!isStarted && answer?.state === "asked") void request(answer);
      if (!isStarted && answer?.state === "coming") follow(answer);
      isStarted = true;
      return { unsubscribe: () => void observers.delete(observer) };
    },
  };
}
