import { createRealtime } from "@tidewire/solid";
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
import { createMemo, createSignal, For, Show } from "solid-js";
import { StatusLine } from "./StatusLine.tsx";

export function ChatPanel() {
  const lines = createRealtime(chat, { initial: noLines, reduce: foldChat });
  const pending = createRealtime(outbox, { initial: noLines });
  const typists = createRealtime(typing, { initial: [] });
  const [name, setName] = createSignal("Solid");
  const [text, setText] = createSignal("");
  const [problem, setProblem] = createSignal("");

  function type(next: string) {
    setText(next);
    typingTeller.typed(name(), next);
  }

  function write(event: SubmitEvent) {
    event.preventDefault();
    const line = text();
    if (line.trim() === "") return;
    setText("");
    setProblem("");
    typingTeller.stopped(name());
    outbox
      .write(chatLine(name(), line))
      .catch((error: Error) => setProblem(`“${line}” was not sent: ${error.message}`));
  }

  const shown = createMemo(() => shownLines(lines(), pending()));
  return (
    <section class="panel chat" aria-labelledby="chat-title">
      <header class="panel-head">
        <h2 id="chat-title">
          Chat <small>topic chat</small>
        </h2>
        <StatusLine of="Chat" status={lines.snapshot} testId="chat-status" />
      </header>
      <div class="scroll" role="log" aria-label="Chat lines" tabindex={0} data-testid="chat-log">
        <Show when={shown().length === 0}>
          <p class="nothing">Nobody has said anything yet.</p>
        </Show>
        <ol class="lines">
          <For each={shown()}>
            {(line) => (
              <li data-pending={line.isPending}>
                <div class="who">
                  <b>{line.from}</b>
                  <Show when={!line.isPending} fallback={<span class="pending">on its way</span>}>
                    <time datetime={new Date(line.at).toISOString()}>{clockTime(line.at)}</time>
                  </Show>
                </div>
                <p>{line.text}</p>
              </li>
            )}
          </For>
        </ol>
      </div>
      <p class="typing" data-testid="chat-typing">
        {typingWords(typists(), me)}
      </p>
      <form class="row" onSubmit={write}>
        <label class="field name">
          <span>Name</span>
          <input
            value={name()}
            onInput={(event) => setName(event.currentTarget.value)}
            maxlength={NAME_LENGTH}
            autocomplete="nickname"
          />
        </label>
        <label class="field">
          <span>Message</span>
          <input
            value={text()}
            onInput={(event) => type(event.currentTarget.value)}
            maxlength={TEXT_LENGTH}
            autocomplete="off"
            data-testid="chat-input"
          />
        </label>
        <button type="submit" data-testid="chat-send">
          Send
        </button>
      </form>
      <Show when={problem() !== ""}>
        <p class="problem" role="alert">
          {problem()}
        </p>
      </Show>
    </section>
  );
}
