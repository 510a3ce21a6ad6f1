import { useRealtime } from "@tidewire/react";
import {
  chat,
  chatLine,
  clockTime,
  foldChat,
  me,
  NAME_LENGTH,
  noLines,
  outbox,
  shownLines,
  TEXT_LENGTH,
  typing,
  typingTeller,
  typingWords,
} from "board";
import { type FormEvent, useState } from "react";
import { StatusLine } from "./StatusLine.tsx";

export function ChatPanel() {
  const { data: lines, ...status } = useRealtime(chat, { initial: noLines, reduce: foldChat });
  const { data: pending } = useRealtime(outbox, { initial: noLines });
  const { data: typists } = useRealtime(typing, { initial: [] });
  const [name, setName] = useState("React");
  const [text, setText] = useState("");
  const [problem, setProblem] = useState("");

  function type(next: string) {
    setText(next);
    typingTeller.typed(name, next);
  }

  function write(event: FormEvent) {
    event.preventDefault();
    if (text.trim() === "") return;
    setText("");
    setProblem("");
    typingTeller.stopped(name);
    outbox.write(chatLine(name, text)).catch((error: Error) => setProblem(`“${text}” was not sent: ${error.message}`));
  }

  const shown = shownLines(lines, pending);
  return (
    <section className="panel chat" aria-labelledby="chat-title">
      <header className="panel-head">
        <h2 id="chat-title">
          Chat <small>topic chat</small>
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
      <p className="typing" data-testid="chat-typing">
        {typingWords(typists, me)}
      </p>
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
            onChange={(event) => type(event.target.value)}
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
