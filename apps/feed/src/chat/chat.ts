import type { Hub } from "@tidewire/server";
import { asChatLine, CHAT_HISTORY, type ChatLine } from "board/chat";
import type { ChatBook } from "./book.ts";

/** Opens the chat: the book's last lines are its history, and each new line is written down before anyone sees it. */
export async function openChat(hub: Hub, book: ChatBook): Promise<void> {
  const chat = hub.topic<ChatLine, unknown>("chat", { retainMessages: CHAT_HISTORY });
  for (const line of book.lines.slice(-CHAT_HISTORY)) await chat.publish(line);
  chat.onMessage(async (message) => {
    const line = asChatLine(message);
    if (line === undefined) return; // no board writes such a thing
    const timed = { ...line, at: Date.now() };
    if (book.add(timed)) await chat.publish(timed);
  });
}
