import type { Status } from "@tidewire/core";
import { type AnyMessage, anyExamples, foldAny, noMessages, openAny } from "board";
import {
  animationFrameScheduler,
  auditTime,
  BehaviorSubject,
  catchError,
  EMPTY,
  map,
  type Observable,
  of,
  scan,
  startWith,
  switchMap,
} from "rxjs";
import { keyed, markup, part } from "./markup.ts";
import { statusLine } from "./StatusLine.ts";

const idle: Status = { status: "idle", error: undefined };

export function anyPanel(): HTMLElement {
  const panel = markup(`
    <section class="panel any" aria-labelledby="any-title">
      <header class="panel-head">
        <h2 id="any-title">Any endpoint <small>the address picks the transport</small></h2>
      </header>
      <form class="row">
        <label class="field">
          <span>Address of an SSE or WebSocket endpoint</span>
          <input list="any-examples" required inputmode="url" autocomplete="off" spellcheck="false" data-testid="any-url" />
        </label>
        <datalist id="any-examples">
          ${anyExamples()
            .map((example) => `<option value="${example}"></option>`)
            .join("")}
        </datalist>
        <button type="submit" data-testid="any-open">Open</button>
        <button type="button" class="quiet" data-testid="any-close">Close</button>
      </form>
      <section class="scroll" aria-label="Messages" tabindex="0" data-testid="any-log">
        <p class="nothing">Messages appear here, the newest first.</p>
        <ol class="lines"></ol>
      </section>
    </section>
  `);
  const address = part<HTMLInputElement>(panel, "any-url");
  const close = part<HTMLButtonElement>(panel, "any-close");
  address.value = anyExamples()[0]!;

  const opened$ = new BehaviorSubject<ReturnType<typeof openAny> | undefined>(undefined);
  panel.querySelector("form")!.addEventListener("submit", (event) => {
    event.preventDefault();
    opened$.next(openAny(address.value));
  });
  close.addEventListener("click", () => opened$.next(undefined));

  opened$.subscribe((opened) => {
    close.disabled = opened === undefined;
  });
  const messages$ = opened$.pipe(
    map((opened): Observable<string> => opened ?? EMPTY),
    switchMap((text$) =>
      text$.pipe(
        catchError(() => EMPTY), // told by the status
        scan(foldAny, noMessages),
        auditTime(0, animationFrameScheduler),
        startWith(noMessages),
      ),
    ),
  );
  const showMessages = keyed(panel.querySelector<HTMLElement>(".lines")!, ({ key }) => `${key}`, messageItem);
  messages$.subscribe((messages) => {
    panel.querySelector<HTMLElement>(".nothing")!.hidden = messages.length > 0;
    showMessages(messages);
  });
  const status$ = opened$.pipe(switchMap((opened) => opened?.status$ ?? of(idle)));
  panel.querySelector(".panel-head")!.append(statusLine("The endpoint", status$, "any-status"));
  return panel;
}

function messageItem(message: AnyMessage): HTMLElement {
  const item = markup("<li><span></span><code></code></li>");
  item.querySelector("span")!.textContent = `${message.key}`;
  item.querySelector("code")!.textContent = message.text;
  return item;
}
