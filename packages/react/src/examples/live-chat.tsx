import { realtime } from "@tidewire/core";
import { useRealtime } from "@tidewire/react";
import { useState } from "react";

type Line = { id: string; text: string };
const chat = realtime<Line, string>("wss://example.com/chat");
const lastHundred = (lines: readonly Line[], line: Line) => [...lines, line].slice(-100);

export function LiveChat() {
  const live = useRealtime(chat, { initial: [], reduce: lastHundred });
  const [problem, setProblem] = useState("");
  const say = (text: string) => live.send(text).catch((error: Error) => setProblem(error.message));
  return (
    <>
      <p role="status">
        {live.status === "waiting" ? `back at ${new Date(live.retryAt).toLocaleTimeString()}` : live.status}
      </p>
      {live.data.map((line) => (
        <p key={line.id}>{line.text}</p>
      ))}
      <button type="button" onClick={() => say("hello")}>
        Say hello
      </button>
      <p role="alert">{problem}</p>
    </>
  );
}
