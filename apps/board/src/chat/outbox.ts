import type { Status, Subscribable } from "@tidewire/core";
import type { ChatLine } from "./line.ts";
import { foldChat } from "./log.ts";

/** How many lines may wait for the feed. */
export const OUTBOX_LINES = 50;

/** What to say when one more was refused. */
export const OUTBOX_FULL = `${OUTBOX_LINES} lines wait for the feed already. Send this one when it is back.`;

/** What an outbox needs of the chat: any `Realtime<unknown, ChatLine>` has it. */
export interface Chat extends Subscribable<unknown> {
  readonly status$: Subscribable<Status>;
  readonly status: Status;
  send(line: ChatLine): Promise<void>;
}

/**
 * Lines on their way to the feed. It can be read like any stream: it emits the lines that wait, now and at every change.
 */
export interface Outbox extends Subscribable<readonly ChatLine[]> {
  /** Takes a line, and sends it until the feed is seen to have it. False when too many wait already. */
  write(line: ChatLine): boolean;
}

/** The end of the chat is told by its status; there is nothing to do about it here. */
const deaf = { error: (): void => {}, complete: (): void => {} };

/**
 * Makes sure that a line arrives once: "sent" only says that the network took it, so each line is kept until it comes
 * back in the chat, and is sent again whenever a new connection opens. The feed knows a line that comes twice by its id.
 */
export function createOutbox(chat: Chat): Outbox {
  let pending: readonly ChatLine[] = [];
  let stopReading: (() => void) | undefined;
  const observers = new Set<{ next: (pending: readonly ChatLine[]) => void }>();

  const change = (next: readonly ChatLine[]): void => {
    pending = next;
    for (const observer of [...observers]) observer.next(pending);
  };
  // A send that fails has lost its connection; the next one sends the line again.
  const send = (line: ChatLine): void => void chat.send(line).catch(() => {});

  function seen(message: unknown): void {
    const [line] = foldChat([], message);
    if (!pending.some(({ id }) => id === line?.id)) return;
    change(pending.filter(({ id }) => id !== line?.id));
    if (pending.length > 0) return;
    stopReading?.();
    stopReading = undefined;
  }

  function startReading(): void {
    let wasOpen = false;
    const lines = chat.subscribe({ ...deaf, next: seen });
    const statuses = chat.status$.subscribe({
      ...deaf,
      next({ status }) {
        const isOpen = status === "open";
        if (isOpen && !wasOpen) pending.forEach(send);
        wasOpen = isOpen;
      },
    });
    stopReading = () => {
      statuses.unsubscribe();
      lines.unsubscribe();
    };
  }

  return {
    write(line) {
      if (pending.length >= OUTBOX_LINES) return false;
      change([...pending, line]);
      if (stopReading === undefined) startReading();
      else if (chat.status.status === "open") send(line);
      return true;
    },
    subscribe(observer) {
      observers.add(observer);
      observer.next(pending);
      return { unsubscribe: () => void observers.delete(observer) };
    },
  };
}
