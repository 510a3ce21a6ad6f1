import { Component, computed, signal } from "@angular/core";
import { injectRealtime } from "@tidewire/angular";
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
import { StatusLine } from "./status-line.ts";

@Component({
  selector: "chat-panel",
  imports: [StatusLine],
  host: { style: "display: contents" },
  template: `
    <section class="panel chat" aria-labelledby="chat-title">
      <header class="panel-head">
        <h2 id="chat-title">Chat <small>topic chat</small></h2>
        <status-line of="Chat" [status]="lines.snapshot()" testId="chat-status" />
      </header>
      <div class="scroll" role="log" aria-label="Chat lines" tabindex="0" data-testid="chat-log">
        @if (shown().length === 0) {
          <p class="nothing">Nobody has said anything yet.</p>
        }
        <ol class="lines">
          @for (line of shown(); track line.id) {
            <li [attr.data-pending]="line.isPending">
              <div class="who">
                <b>{{ line.from }}</b>
                @if (line.isPending) {
                  <span class="pending">on its way</span>
                } @else {
                  <time [attr.datetime]="isoTime(line.at)">{{ clockTime(line.at) }}</time>
                }
              </div>
              <p>{{ line.text }}</p>
            </li>
          }
        </ol>
      </div>
      <p class="typing" data-testid="chat-typing">{{ whoTypes() }}</p>
      <form class="row" (submit)="write($event)">
        <label class="field name">
          <span>Name</span>
          <input
            #nameField
            [value]="name()"
            [maxLength]="nameLength"
            autocomplete="nickname"
            (input)="name.set(nameField.value)"
          />
        </label>
        <label class="field">
          <span>Message</span>
          <input
            #textField
            [value]="text()"
            [maxLength]="textLength"
            autocomplete="off"
            data-testid="chat-input"
            (input)="typed(textField.value)"
          />
        </label>
        <button type="submit" data-testid="chat-send">Send</button>
      </form>
      @if (problem() !== "") {
        <p class="problem" role="alert">{{ problem() }}</p>
      }
    </section>
  `,
})
export class ChatPanel {
  readonly lines = injectRealtime(chat, { initial: noLines, reduce: foldChat });
  readonly pending = injectRealtime(outbox, { initial: noLines });
  readonly typists = injectRealtime(typing, { initial: [] });
  readonly shown = computed(() => shownLines(this.lines.value(), this.pending.value()));
  readonly whoTypes = computed(() => typingWords(this.typists.value(), me));
  readonly name = signal("Angular");
  readonly text = signal("");
  readonly problem = signal("");
  readonly clockTime = clockTime;
  readonly isoTime = (at: number) => new Date(at).toISOString();
  readonly nameLength = NAME_LENGTH;
  readonly textLength = TEXT_LENGTH;

  typed(text: string) {
    this.text.set(text);
    typingTeller.typed(this.name(), text);
  }

  write(event: Event) {
    event.preventDefault();
    const line = this.text();
    if (line.trim() === "") return;
    this.text.set("");
    this.problem.set("");
    typingTeller.stopped(this.name());
    outbox.write(chatLine(this.name(), line)).catch((error: Error) => {
      this.problem.set(`“${line}” was not sent: ${error.message}`);
    });
  }
}
