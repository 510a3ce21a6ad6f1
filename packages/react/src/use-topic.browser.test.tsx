import { type ScriptedClient, scriptedClient } from "@tidewire/conformance/binding";
import { StrictMode } from "react";
import { flushSync } from "react-dom";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { RealtimeProvider, useTopic } from "./index.ts";

let host: HTMLElement;
let root: Root;
let thrown: unknown;
beforeEach(() => {
  host = document.body.appendChild(document.createElement("div"));
  thrown = undefined;
  const onUncaughtError = (error: unknown): void => {
    thrown = error;
  };
  root = createRoot(host, { onUncaughtError });
});
afterEach(() => {
  root.unmount();
  host.remove();
});

function Price({ name }: { readonly name: string | null }) {
  const { data, status } = useTopic<number>(name, { from: "earliest", onMessage: () => {} });
  return <p>{`${data} ${status};`}</p>;
}

const render = ({ client }: ScriptedClient, name: string | null) =>
  flushSync(() =>
    root.render(
      <StrictMode>
        <RealtimeProvider client={client}>
          <Price name={name} />
          <Price name={name} />
        </RealtimeProvider>
      </StrictMode>,
    ),
  );

test("reads a topic of the provided client, once for all its readers", async () => {
  const scripted = scriptedClient();
  render(scripted, "a");
  await expect.poll(() => host.textContent).toBe("undefined connecting;undefined connecting;");
  scripted.topic("a").open();
  scripted.topic("a").emit(1);
  await expect.poll(() => host.textContent).toBe("1 open;1 open;");
  expect([scripted.asked, scripted.topic("a").dials()]).toEqual([["a"], 1]);
});

test("follows the name, and is idle without one", async () => {
  const scripted = scriptedClient();
  render(scripted, "a");
  await expect.poll(() => scripted.topic("a").readers()).toBe(1);
  scripted.topic("a").emit(1);
  await expect.poll(() => host.textContent).toContain("1 ");
  render(scripted, "b");
  scripted.topic("a").emit(2);
  await expect.poll(() => scripted.topic("b").readers()).toBe(1);
  scripted.topic("b").emit(10);
  await expect.poll(() => host.textContent).toBe("10 connecting;10 connecting;");
  render(scripted, null);
  await expect.poll(() => host.textContent).toBe("undefined idle;undefined idle;");
});

test("names the fix where no client was provided", () => {
  flushSync(() => root.render(<Price name="a" />));
  expect(String(thrown)).toContain("<RealtimeProvider");
});
