import type { Hub } from "@tidewire/server";
import { asTypingNews, TYPING_ENDS_MS, type Typist } from "board/typing";

/** The most who are told of at one time: one more is not. */
const TYPISTS = 20;

interface Kept extends Typist {
  readonly timer: NodeJS.Timeout;
}

/** Tells who is typing, and forgets those who stopped saying so. Ends with the signal. */
export function openTyping(hub: Hub, signal: AbortSignal): void {
  const topic = hub.topic<readonly Typist[], unknown>("typing", { retainMessages: 1 });
  const typists = new Map<string, Kept>();

  const tell = (): void => {
    if (!signal.aborted) void topic.publish([...typists.values()].map(({ id, name }) => ({ id, name })));
  };
  function forget(id: string): boolean {
    clearTimeout(typists.get(id)?.timer);
    return typists.delete(id);
  }

  tell(); // pages that were here before this feed may still show somebody
  topic.onMessage((message) => {
    const news = asTypingNews(message);
    if (news === undefined) return;
    const { id, name, isTyping } = news;
    const before = typists.get(id)?.name;
    forget(id);
    if (isTyping && typists.size < TYPISTS) {
      const timer = setTimeout(() => forget(id) && tell(), TYPING_ENDS_MS);
      typists.set(id, { id, name, timer });
    }
    if (typists.get(id)?.name !== before) tell();
  });
  signal.addEventListener("abort", () => {
    for (const { timer } of typists.values()) clearTimeout(timer);
  });
}
