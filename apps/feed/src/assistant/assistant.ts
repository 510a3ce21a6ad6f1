import { setTimeout as pause } from "node:timers/promises";
import type { Hub } from "@tidewire/server";
import { type AnswerPart, asQuestion, type Reply } from "board/assistant";
import { answerTo, type Knowledge, wordsOf } from "./answer.ts";

/** Answers take turns on so many topics, so that they stay bounded however many are asked. */
const TOPICS = 100;

/** The most answers that are being given at one time. */
const AT_ONCE = 20;

/** How fast it talks. */
const WORD_EVERY_MS = 50;

/** Answers questions: the call gives the topic, and the topic the words. Ends with the signal. */
export function openAssistant(hub: Hub, know: () => Knowledge, signal: AbortSignal): void {
  /** The newest questions, by id, and where each is answered. */
  const topics = new Map<string, string>();
  let asked = 0;
  let answering = 0;

  async function answer(id: string, text: string, topic: string): Promise<void> {
    const words = wordsOf(text);
    answering += 1;
    for (const [index, word] of words.entries()) {
      await pause(WORD_EVERY_MS, undefined, { signal }).catch(() => {}); // it rejects when the signal fires
      if (signal.aborted) break;
      const part: AnswerPart = { id, text: word, isLast: index === words.length - 1 };
      void hub.publish(topic, part);
    }
    answering -= 1;
  }

  hub.onCall("ask", (data): Reply => {
    const question = asQuestion(data);
    if (question === undefined) return { problem: "This is not a question." };
    const { id, text } = question;
    const known = topics.get(id); // asked again, because the page never heard the first reply
    if (known !== undefined) return { topic: known };
    if (answering >= AT_ONCE) return { problem: "Too many are asking. Try again in a few seconds." };
    const topic = `answer.${asked % TOPICS}`;
    asked += 1;
    topics.set(id, topic);
    const [oldest] = topics.keys();
    if (topics.size > TOPICS && oldest !== undefined) topics.delete(oldest);
    void answer(id, answerTo(text, know()), topic);
    return { topic };
  });
}
