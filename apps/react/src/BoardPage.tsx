import { AnyPanel } from "./AnyPanel.tsx";
import { ChatPanel } from "./ChatPanel.tsx";
import { MastHead } from "./MastHead.tsx";
import { TelemetryPanel } from "./TelemetryPanel.tsx";

export function BoardPage() {
  return (
    <>
      <MastHead here="react" />
      <main className="board">
        <header className="lead">
          <h1>The board in React</h1>
          <p>
            One hook for each stream. Stop the server and start it again: the page waits, returns, and loses nothing.
          </p>
        </header>
        <TelemetryPanel />
        <ChatPanel />
        <AnyPanel />
      </main>
    </>
  );
}
