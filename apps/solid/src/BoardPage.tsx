import { AnyPanel } from "./AnyPanel.tsx";
import { AssistantPanel } from "./AssistantPanel.tsx";
import { ChatPanel } from "./ChatPanel.tsx";
import { MastHead } from "./MastHead.tsx";
import { OverSwitch } from "./OverSwitch.tsx";
import { ProcessesPanel } from "./ProcessesPanel.tsx";
import { TelemetryPanel } from "./TelemetryPanel.tsx";

export function BoardPage() {
  return (
    <>
      <MastHead here="solid" />
      <main class="board">
        <header class="lead">
          <div>
            <h1>The board in Solid</h1>
            <p>
              One primitive for each topic, one line for all of them. Stop the server and start it again: the page
              waits, returns, and loses nothing.
            </p>
          </div>
          <OverSwitch />
        </header>
        <TelemetryPanel />
        <ChatPanel />
        <ProcessesPanel />
        <AssistantPanel />
        <AnyPanel />
      </main>
    </>
  );
}
