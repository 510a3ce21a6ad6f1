import { anyPanel } from "./AnyPanel.ts";
import { assistantPanel } from "./AssistantPanel.ts";
import { chatPanel } from "./ChatPanel.ts";
import { mastHead } from "./MastHead.ts";
import { markup } from "./markup.ts";
import { overSwitch } from "./OverSwitch.ts";
import { processesPanel } from "./ProcessesPanel.ts";
import { telemetryPanel } from "./TelemetryPanel.ts";

export function boardPage(): HTMLElement[] {
  const main = markup(`
    <main class="board">
      <header class="lead">
        <div>
          <h1>The board in plain TypeScript</h1>
          <p>
            Each topic is an observable, one line carries all of them. Stop the server and start it again: the page
            waits, returns, and loses nothing.
          </p>
        </div>
      </header>
    </main>
  `);
  main.querySelector(".lead")!.append(overSwitch());
  main.append(telemetryPanel(), chatPanel(), processesPanel(), assistantPanel(), anyPanel());
  return [mastHead("vanilla"), main];
}
