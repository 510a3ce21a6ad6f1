import {
  type ChatLine,
  chat,
  chatLine,
  clockTime,
  foldChat,
  me,
  NAME_LENGTH,
  noLines,
  outbox,
  type ShownLine,
  shownLines,
  TEXT_LENGTH,
  typing,
  typingTeller,
  typingWords,
} from "board";
import { combineLatest, map, Observable, scan, startWith } from "rxjs";
import { keyed, markup, part } from "./markup.ts";
import { statusLine } from "./StatusLine.ts";

export function chatPanel(): HTMLElement {
  const panel = markup(`
    <section class="panel chat" aria-labelledby="chat-title">
      <header class="panel-head">
        <h2 id="chat-title">Chat <small>topic chat</small></h2>
      </header>
      <div class="scroll" role="log" aria-label="Chat lines" tabindex="0" data-testid="chat-log">
        <p class="nothing">Nobody has said anything yet.</p>
        <ol class="lines"></ol>
      </div>
      <p class="typing" data-testid="chat-typing"></p>
      <form class="row">
        <label class="field name">
          <span>Name</span>
          <input value="Vanilla" maxlength="${NAME_LENGTH}" autocomplete="nickname" data-testid="chat-name" />
        </label>
        <label class="field">
          <span>Message</span>
          <input maxlength="${TEXT_LENGTH}" autocomplete="off" data-testid="chat-input" />
        </label>
        <button type="submit" data-testid="chat-send">Send</button>
      </form>
      <p class="problem" role="alert" hidden></p>
    </section>
  `);
  const name = part<HTMLInputElement>(panel, "chat-name");
  const text = part<HTMLInputElement>(panel, "chat-input");
  const problem = panel.querySelector<HTMLElement>(".problem")!;

  panel.querySelector("form")!.addEventListener("submit", (event) => {
    event.preventDefault();
    if (text.value.trim() === "") return;
    const line = text.value;
    text.value = "";
    problem.hidden = true;
    typingTeller.stopped(name.value);
    outbox.write(chatLine(name.value, line)).catch((error: Error) => {
      problem.textContent = `“${line}” was not sent: ${error.message}`;
      problem.hidden = false;
    });
  });
  text.addEventListener("input", () => typingTeller.typed(name.value, text.value));
  typing.subscribe((typists) => {
    part(panel, "chat-typing").textContent = typingWords(typists, me);
  });

  const lines$ = chat.pipe(scan(foldChat, noLines), startWith(noLines));
  const pending$ = new Observable<readonly ChatLine[]>((reader) => outbox.subscribe(reader));
  const shown$ = combineLatest([lines$, pending$]).pipe(map(([lines, pending]) => shownLines(lines, pending)));
  const showLines = keyed(panel.querySelector<HTMLElement>(".lines")!, lineKey, lineItem);
  shown$.subscribe((shown) => {
    panel.querySelector<HTMLElement>(".nothing")!.hidden = shown.length > 0;
    showLines(shown);
  });
  panel.querySelector(".panel-head")!.append(statusLine("Chat", chat.status$, "chat-status"));
  return panel;
}

const lineKey = ({ id, isPending }: ShownLine): string => `${id} ${isPending}`;

function lineItem(line: ShownLine): HTMLElement {
  const item = markup(`
    <li data-pending="${line.isPending}">
      <div class="who">
        <b></b>
        ${line.isPending ? `<span class="pending">on its way</span>` : "<time></time>"}
      </div>
      <p></p>
    </li>
  `);
  item.querySelector("b")!.textContent = line.from;
  item.querySelector("p")!.textContent = line.text;
  const time = item.querySelector("time");
  if (time) {
    time.dateTime = new Date(line.at).toISOString();
    time.textContent = clockTime(line.at);
  }
  return item;
}
