import { Component, signal } from "@angular/core";
import { injectRealtime } from "@tidewire/angular";
import { realtime } from "@tidewire/core";

type Line = { id: string; text: string };
const chat = realtime<Line, string>("wss://example.com/chat");
const lastHundred = (lines: readonly Line[], line: Line) => [...lines, line].slice(-100);

@Component({
  selector: "live-chat",
  template: `
    <p role="status">{{ live.status() }}</p>
    @for (line of live.value(); track line.id) {
      <p>{{ line.text }}</p>
    }
    <button type="button" (click)="say('hello')">Say hello</button>
    <p role="alert">{{ problem() }}</p>
  `,
})
export class LiveChat {
  readonly live = injectRealtime(chat, { initial: [], reduce: lastHundred });
  readonly problem = signal("");

  say(text: string) {
    this.live.send(text).catch((error: Error) => this.problem.set(error.message));
  }
}
