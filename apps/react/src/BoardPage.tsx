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
      <MastHead here="react" />
      <main className="board">
        <header className="lead">
          <div>
            <h1>The board in React</h1>
            <p>
              One hook for each topic, one line for all of them. Stop the server and start it again: the page waits,
              returns, and loses nothing.
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
