import { createClient } from "@tidewire/core";
import { type Assistant, createAssistant, savedAnswer } from "./assistant/assistant.ts";
import { CHAT_HISTORY, type ChatLine } from "./chat/line.ts";
import { createOutbox, type Outbox } from "./chat/outbox.ts";
import { createTypingTeller, type TypingNews, type TypingTeller, type Typist } from "./chat/typing.ts";
import { newId } from "./id.ts";
import { chosenOver, type Over } from "./over.ts";
import { PROCESSES_TOLD, type Process } from "./processes.ts";
import { CHART_READINGS, type Telemetry } from "./telemetry.ts";

/** What carries this page. */
export const over: Over = chosenOver(location.search);

/** The page's one line to the hub. What is written while the line is down waits, and goes up in order, once. */
export const client = createClient({
  url: "/realtime",
  transport: over.transport,
  whileDown: "queue",
  cursor: savedAnswer(sessionStorage)?.cursor,
});

/** Each topic begins with what a page needs to be whole at once. */
export const telemetry = client.topic<Telemetry>("telemetry", { from: CHART_READINGS });
export const processes = client.topic<Process>("processes", { from: PROCESSES_TOLD });
export const chat = client.topic<ChatLine>("chat", { from: CHAT_HISTORY });
export const typing = client.topic<readonly Typist[], TypingNews>("typing", { from: 1 });

/** This page among those who type. */
export const me = newId();
export const typingTeller: TypingTeller = createTypingTeller(typing, me);
export const outbox: Outbox = createOutbox(chat);
export const assistant: Assistant = createAssistant(client, sessionStorage);
