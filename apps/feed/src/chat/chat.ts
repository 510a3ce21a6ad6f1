import type { Hub } from "@tidewire/server";
import { asChatLine, CHAT_HISTORY, type ChatLine } from "board/chat";

/** Opens the chat: its log is its history, and a line that is sent again is known by its id. */
export function openChat(hub: Hub): void {
  const chat = hub.topic<ChatLine, unknown>("chat", { retainMessages: CHAT_HISTORY });
  chat.onMessage(async (message) => {
    const line = asChatLine(message);
    if (line === undefined) return; // no board writes such a thing
    await chat.publish({ ...line, at: Date.now() }, { idempotencyKey: line.id });
  });
}
