import { Component, signal } from "@angular/core";
import { injectRealtime } from "@tidewire/angular";
import { anyExamples, foldAny, noMessages, openAny } from "board";
import { StatusLine } from "./status-line.ts";

@Component({
  selector: "any-panel",
  imports: [StatusLine],
  host: { style: "display: contents" },
  template: `
    <section class="panel any" aria-labelledby="any-title">
      <header class="panel-head">
        <h2 id="any-title">Any endpoint <small>the address picks the transport</small></h2>
        <status-line of="The endpoint" [status]="messages.snapshot()" testId="any-status" />
      </header>
      <form class="row" (submit)="open($event)">
        <label class="field">
          <span>Address of an SSE or WebSocket endpoint</span>
          <input
            #field
            [value]="address()"
            list="any-examples"
            required
            inputmode="url"
            autocomplete="off"
            spellcheck="false"
            data-testid="any-url"
            (input)="address.set(field.value)"
          />
        </label>
        <datalist id="any-examples">
          @for (example of examples; track example) {
            <option [value]="example"></option>
          }
        </datalist>
        <button type="submit" data-testid="any-open">Open</button>
        <button
          type="button"
          class="quiet"
          [disabled]="opened() === undefined"
          data-testid="any-close"
          (click)="opened.set(undefined)"
        >
          Close
        </button>
      </form>
      <section class="scroll" aria-label="Messages" tabindex="0" data-testid="any-log">
        @if (messages.value().length === 0) {
          <p class="nothing">Messages appear here, the newest first.</p>
        }
        <ol class="lines">
          @for (message of messages.value(); track message.key) {
            <li>
              <span>{{ message.key }}</span>
              <code>{{ message.text }}</code>
            </li>
          }
        </ol>
      </section>
    </section>
  `,
})
export class AnyPanel {
  readonly examples = anyExamples();
  readonly address = signal(this.examples[0] ?? "");
  readonly opened = signal<ReturnType<typeof openAny> | undefined>(undefined);
  readonly messages = injectRealtime(this.opened, { initial: noMessages, reduce: foldAny });

  open(event: Event) {
    event.preventDefault();
    this.opened.set(openAny(this.address()));
  }
}
