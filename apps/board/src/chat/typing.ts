import { NAME_LENGTH } from "./line.ts";

/** Somebody who is writing a line just now. */
export interface Typist {
  /** One page's own, as long as it is open. */
  readonly id: string;
  readonly name: string;
}

/** What a page says of itself. */
export interface TypingNews extends Typist {
  readonly isTyping: boolean;
}

/** Who was not heard of for this long has stopped, in milliseconds. */
export const TYPING_ENDS_MS = 4000;

/** A page that goes on typing says so this often, in milliseconds. */
const SAY_EVERY_MS = 1500;

/** The news in a value from outside; undefined when there are none. */
export function asTypingNews(value: unknown): TypingNews | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { id, name, isTyping } = value as { readonly [field: string]: unknown };
  const isText = (text: unknown, longest: number): text is string =>
    typeof text === "string" && text.length > 0 && text.length <= longest;
  if (!isText(id, 64) || !isText(name, NAME_LENGTH) || typeof isTyping !== "boolean") return undefined;
  return { id, name, isTyping };
}

/** Tells the others that this page is typing. */
export interface TypingTeller {
  /** Something was typed. */
  typed(name: string, text: string): void;
  /** The line was sent. */
  stopped(name: string): void;
}

/** What a teller needs of its topic. */
interface Sending {
  send(news: TypingNews, how: { readonly volatile: boolean }): Promise<void>;
}

/** Sends volatile news: late news of this kind are worth nothing, so what cannot go up at once is dropped. */
export function createTypingTeller(topic: Sending, id: string, now: () => number = Date.now): TypingTeller {
  let saidAt = Number.NEGATIVE_INFINITY;
  const say = (name: string, isTyping: boolean): void => {
    const shown = name.trim().slice(0, NAME_LENGTH) || "Somebody";
    topic.send({ id, name: shown, isTyping }, { volatile: true }).catch(() => {}); // it would have been forgotten soon
  };
  const stopped = (name: string): void => {
    if (saidAt > Number.NEGATIVE_INFINITY) say(name, false);
    saidAt = Number.NEGATIVE_INFINITY;
  };
  return {
    stopped,
    typed(name, text) {
      if (text.trim() === "") return stopped(name);
      if (now() - saidAt < SAY_EVERY_MS) return;
      saidAt = now();
      say(name, true);
    },
  };
}

/** Who else is typing, in words; "" when nobody is. */
export function typingWords(typists: readonly Typist[], me: string): string {
  const names = typists.filter(({ id }) => id !== me).map(({ name }) => name);
  if (names.length === 0) return "";
  if (names.length === 1) return `${names[0]} is typing …`;
  const shown = names.length > 3 ? [...names.slice(0, 2), `${names.length - 2} others`] : names;
  return `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)} are typing …`;
}
