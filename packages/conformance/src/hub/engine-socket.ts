import type { Socket } from "node:net";
import { deserialize, serialize } from "node:v8";
import type { Engine, Entry } from "@tidewire/server";

/** What is asked of an engine, and answered once. */
export type Question = Exclude<keyof Engine, "feed" | "close">;

/** What a node says to the process of the engine. */
export type Asked =
  | { readonly id: number; readonly question: Question; readonly given: readonly unknown[] }
  | { readonly feed: number; readonly act: "open" | "want" | "drop" | "close"; readonly topic?: string };

/** What the process of the engine says to a node. */
export type Told =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly fault: string }
  | { readonly feed: number; readonly topic: string; readonly entry: Entry };

/** One message is one line. V8's own form keeps Infinity and Map, which JSON does not. */
export function say<Message extends Asked | Told>(socket: Socket, message: Message): void {
  socket.write(`${serialize(message).toString("base64")}\n`);
}

/** Hands on what the other side says. */
export function hear<Message extends Asked | Told>(socket: Socket, take: (message: Message) => void): void {
  let rest = "";
  socket.setEncoding("latin1").on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(deserialize(Buffer.from(line, "base64")));
  });
}
