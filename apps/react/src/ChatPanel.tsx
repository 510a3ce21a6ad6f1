import { realtime } from "@tidewire/core";
import { useRealtime } from "@tidewire/react";
import {
  type ChatLine,
  chatLine,
  clockTime,
  createOutbox,
  foldChat,
  NAME_LENGTH,
  noLines,
  OUTBOX_FULL,
  shownLines,
  socketAddress,
  TEXT_LENGTH,
} from "board";
import { type FormEvent, useState } from "react";
import { StatusLine } from "./StatusLine.tsx";

const chat = realtime<ChatLine, ChatLine>(socketAddress("/realtime?topic=chat&from=100"));
const outbox = createOutbox(chat);

export function ChatPanel() {
  const { data: lines, ...status } = useRealtime(chat, { initial: noLines, reduce: foldChat });
  const { data: pending } = useRealtime(outbox, { initial: noLines });
  const [name, setName] = useState("React");
  const [text, setText] = useState("");
  const [problem, setProblem] = useState("");

  function write(event: FormEvent) {
    event.preventDefault();
    if (text.trim() === "") return;
    const isTaken = outbox.write(chatLine(name, text));
    setProblem(isTaken ? "" : OUTBOX_FULL);
    if (isTaken) setText("");
  }

  const shown = shownLines(lines, pending);
  return (
    <section className="panel chat" aria-labelledby="chat-title">
      <header className="panel-head">
        <h2 id="chat-title">
          Chat <small>WebSocket</small>
        </h2>
        <StatusLine of="Chat" status={status} testId="chat-status" />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard */}
      <div className="scroll" role="log" aria-label="Chat lines" tabIndex={0} data-testid="chat-log">
        {shown.length === 0 && <p className="nothing">Nobody has said anything yet.</p>}
        <ol className="lines">
          {shown.map((line) => (
            <li key={line.id} data-pending={line.isPending}>
              <div className="who">
                <b>{line.from}</b>
                {line.isPending ? (
                  <span className="pending">on its way</span>
                ) : (
                  <time dateTime={new Date(line.at).toISOString()}>{clockTime(line.at)}</time>
                )}
              </div>
              <p>{line.text}</p>
            </li>
          ))}
        </ol>
      </div>
      <form className="row" onSubmit={write}>
        <label className="field name">
          <span>Name</span>
          <input
            value={name}
            onChange={(event) => setName(event.target.value)}
            maxLength={NAME_LENGTH}
            autoComplete="nickname"
          />
        </label>
        <label className="field">
          <span>Message</span>
          <input
            value={text}
            onChange={(event) => setText(event.target.value)}
            maxLength={TEXT_LENGTH}
            autoComplete="off"
            data-testid="chat-input"
          />
        </label>
        <button type="submit" data-testid="chat-send">
          Send
        </button>
      </form>
      {problem !== "" && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
    </section>
  );
}
