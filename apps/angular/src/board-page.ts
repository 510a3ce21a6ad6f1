import { Component } from "@angular/core";
import { AnyPanel } from "./any-panel.ts";
import { AssistantPanel } from "./assistant-panel.ts";
import { ChatPanel } from "./chat-panel.ts";
import { MastHead } from "./mast-head.ts";
import { OverSwitch } from "./over-switch.ts";
import { ProcessesPanel } from "./processes-panel.ts";
import { TelemetryPanel } from "./telemetry-panel.ts";

@Component({
  selector: "board-page",
  imports: [MastHead, OverSwitch, TelemetryPanel, ChatPanel, ProcessesPanel, AssistantPanel, AnyPanel],
  host: { style: "display: contents" },
  template: `
    <mast-head here="angular" />
    <main class="board">
      <header class="lead">
        <div>
          <h1>The board in Angular</h1>
          <p>
            Signals for each topic, one line for all of them. Stop the server and start it again: the page waits, returns,
            and loses nothing.
          </p>
        </div>
        <over-switch />
      </header>
      <telemetry-panel />
      <chat-panel />
      <processes-panel />
      <assistant-panel />
      <any-panel />
    </main>
  `,
})
export class BoardPage {}
