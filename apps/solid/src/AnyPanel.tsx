import { createRealtime } from "@tidewire/solid";
import { anyExamples, foldAny, noMessages, openAny } from "board";
import { createSignal, For, Show } from "solid-js";
import { StatusLine } from "./StatusLine.tsx";

export function AnyPanel() {
  const [address, setAddress] = createSignal(anyExamples()[0]!);
  const [opened, setOpened] = createSignal<ReturnType<typeof openAny>>();
  const messages = createRealtime(opened, { initial: noMessages, reduce: foldAny });

  function open(event: SubmitEvent) {
    event.preventDefault();
    setOpened(openAny(address()));
  }

  return (
    <section class="panel any" aria-labelledby="any-title">
      <header class="panel-head">
        <h2 id="any-title">
          Any endpoint <small>the address picks the transport</small>
        </h2>
        <StatusLine of="The endpoint" status={messages.snapshot} testId="any-status" />
      </header>
      <form class="row" onSubmit={open}>
        <label class="field">
          <span>Address of an SSE or WebSocket endpoint</span>
          <input
            value={address()}
            onInput={(event) => setAddress(event.currentTarget.value)}
            list="any-examples"
            required
            inputmode="url"
            autocomplete="off"
            spellcheck={false}
            data-testid="any-url"
          />
        </label>
        <datalist id="any-examples">
          <For each={anyExamples()}>{(example) => <option value={example} />}</For>
        </datalist>
        <button type="submit" data-testid="any-open">
          Open
        </button>
        <button
          type="button"
          class="quiet"
          disabled={opened() === undefined}
          onClick={() => setOpened(undefined)}
          data-testid="any-close"
        >
          Close
        </button>
      </form>
      <section class="scroll" aria-label="Messages" tabindex={0} data-testid="any-log">
        <Show when={messages().length === 0}>
          <p class="nothing">Messages appear here, the newest first.</p>
        </Show>
        <ol class="lines">
          <For each={messages()}>
            {(message) => (
              <li>
                <span>{message.key}</span>
                <code>{message.text}</code>
              </li>
            )}
          </For>
        </ol>
      </section>
    </section>
  );
}
