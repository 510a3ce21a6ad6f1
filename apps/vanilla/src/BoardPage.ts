import { anyPanel } from "./AnyPanel.ts";
import { chatPanel } from "./ChatPanel.ts";
import { mastHead } from "./MastHead.ts";
import { markup } from "./markup.ts";
import { telemetryPanel } from "./TelemetryPanel.ts";

export function boardPage(): HTMLElement[] {
  const main = markup(`
    <main class="board">
      <header class="lead">
        <h1>The board in plain TypeScript</h1>
        <p>Each stream is an observable. Stop the server and start it again: the page waits, returns, and loses nothing.</p>
      </header>
    </main>
  `);
  main.append(telemetryPanel(), chatPanel(), anyPanel());
  return [mastHead("vanilla"), main];
}
