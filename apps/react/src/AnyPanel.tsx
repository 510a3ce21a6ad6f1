import { useRealtime } from "@tidewire/react";
import { anyExamples, foldAny, noMessages, openAny } from "board";
import { type FormEvent, useState } from "react";
import { StatusLine } from "./StatusLine.tsx";

export function AnyPanel() {
  const [address, setAddress] = useState(anyExamples()[0]!);
  const [opened, setOpened] = useState<ReturnType<typeof openAny>>();
  const { data: messages, ...status } = useRealtime(opened, { initial: noMessages, reduce: foldAny });

  function open(event: FormEvent) {
    event.preventDefault();
    setOpened(openAny(address));
  }

  return (
    <section className="panel any" aria-labelledby="any-title">
      <header className="panel-head">
        <h2 id="any-title">
          Any endpoint <small>the address picks the transport</small>
        </h2>
        <StatusLine of="The endpoint" status={status} testId="any-status" />
      </header>
      <form className="row" onSubmit={open}>
        <label className="field">
          <span>Address of an SSE or WebSocket endpoint</span>
          <input
            value={address}
            onChange={(event) => setAddress(event.target.value)}
            list="any-examples"
            required
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            data-testid="any-url"
          />
        </label>
        <datalist id="any-examples">
          {anyExamples().map((example) => (
            <option key={example} value={example} />
          ))}
        </datalist>
        <button type="submit" data-testid="any-open">
          Open
        </button>
        <button
          type="button"
          className="quiet"
          disabled={opened === undefined}
          onClick={() => setOpened(undefined)}
          data-testid="any-close"
        >
          Close
        </button>
      </form>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard */}
      <section className="scroll" aria-label="Messages" tabIndex={0} data-testid="any-log">
        {messages.length === 0 && <p className="nothing">Messages appear here, the newest first.</p>}
        <ol className="lines">
          {messages.map((message) => (
            <li key={message.key}>
              <span>{message.key}</span>
              <code>{message.text}</code>
            </li>
          ))}
        </ol>
      </section>
    </section>
  );
}
