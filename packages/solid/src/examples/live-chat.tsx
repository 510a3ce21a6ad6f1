import { realtime } from "@tidewire/core";
import { createRealtime } from "@tidewire/solid";
import { createSignal, For } from "solid-js";

type Line = { id: string; text: string };
const chat = realtime<Line, string>("wss://example.com/chat");
const lastHundred = (lines: readonly Line[], line: Line) => [...lines, line].slice(-100);

export function LiveChat() {
  const lines = createRealtime(chat, { initial: [], reduce: lastHundred });
  const [problem, setProblem] = createSignal("");
  const say = (text: string) => lines.send(text).catch((error: Error) => setProblem(error.message));
  return (
    <>
      <p role="status">{lines.status}</p>
      <For each={lines()}>{(line) => <p>{line.text}</p>}</For>
      <button type="button" onClick={() => say("hello")}>
        Say hello
      </button>
      <p role="alert">{problem()}</p>
    </>
  );
}
