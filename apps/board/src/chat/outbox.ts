import type { Subscribable } from "@tidewire/core";
import type { ChatLine } from "./line.ts";

/** What an outbox needs of the chat: any `Topic<ChatLine>` has it. */
export interface Chat extends Subscribable<ChatLine> {
  send(line: ChatLine): Promise<void>;
}

/** Lines on their way. It can be read like any stream: it emits those that the chat does not show yet. */
export interface Outbox extends Subscribable<readonly ChatLine[]> {
  /** Sends a line. Rejects when the hub would not have it, or too many wait already. */
  write(line: ChatLine): Promise<void>;
}

/**
 * Shows a line from the moment it is written until it comes back. Sending it once, in order, however often the connection
 * is lost, is the client's work; only a server that forgot everything may be given a line again, and knows it by its id.
 */
export function createOutbox(chat: Chat): Outbox {
  let pending: readonly ChatLine[] = [];
  let stopReading: (() => void) | undefined;
  const observers = new Set<{ next: (pending: readonly ChatLine[]) => void }>();

  function change(next: readonly ChatLine[]): void {
    if (next.length === pending.length) return;
    pending = next;
    for (const observer of [...observers]) observer.next(pending);
    if (pending.length > 0) return;
    stopReading?.();
    stopReading = undefined;
  }
  const remove = (id: string): void => change(pending.filter((line) => line.id !== id));

  return {
    async write(line) {
      change([...pending, line]);
      stopReading ??= read(chat, remove);
      try {
        await chat.send(line);
      } catch (error) {
        remove(line.id);
        throw error;
      }
    },
    subscribe(observer) {
      observers.add(observer);
      observer.next(pending);
      return { unsubscribe: () => void observers.delete(observer) };
    },
  };
}

function read(chat: Chat, seen: (id: string) => void): () => void {
  // The end of the chat is told by its status, and rejects what waits.
  const reading = chat.subscribe({ next: ({ id }) => seen(id), error() {}, complete() {} });
  return () => reading.unsubscribe();
}
