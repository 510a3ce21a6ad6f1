import { type ScriptedSource, scriptedSource } from "@tidewire/conformance/binding";
import { StrictMode } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { expect, test, vi } from "vitest";
import { useRealtimeEvent } from "./index.ts";

interface ListenerProps {
  readonly source: ScriptedSource<number, string>;
  readonly onMessage: (data: number) => void;
  readonly rendering?: () => void;
}

function Listener({ source, onMessage, rendering }: ListenerProps) {
  rendering?.();
  useRealtimeEvent(source.stream, (data) => onMessage(data), { lingerMs: 0 });
  return null;
}

function WholeListener({ source, onWhole }: { source: ListenerProps["source"]; onWhole: (whole: unknown) => void }) {
  useRealtimeEvent(source.stream.messages$, ({ type, data }) => onWhole([type, data]));
  return null;
}

const hundred = Array.from({ length: 100 }, (_, index) => index);

test("calls the newest render's function once for each message, and renders nothing", async () => {
  const source = scriptedSource<number>();
  const [before, after, rendering] = [vi.fn(), vi.fn(), vi.fn()];
  const root = createRoot(document.createElement("div"));
  flushSync(() => root.render(<Listener source={source} onMessage={before} rendering={rendering} />));
  await expect.poll(() => source.readers()).toBe(1);
  source.emit(...hundred);
  expect(before.mock.calls.flat()).toEqual(hundred);
  expect(rendering).toHaveBeenCalledTimes(1);

  flushSync(() => root.render(<Listener source={source} onMessage={after} rendering={rendering} />));
  await new Promise((resolve) => requestAnimationFrame(resolve));
  source.emit(7);
  expect(after.mock.calls.flat()).toEqual([7]);
  expect([before.mock.calls.length, source.dials()]).toEqual([100, 1]);

  root.unmount();
  await expect.poll(() => source.readers()).toBe(0);
  source.emit(8);
  expect(after).toHaveBeenCalledTimes(1);
});

test("gives whole messages where they are asked for, once in StrictMode, too", async () => {
  const source = scriptedSource<number>();
  const onWhole = vi.fn();
  const root = createRoot(document.createElement("div"));
  flushSync(() =>
    root.render(
      <StrictMode>
        <WholeListener source={source} onWhole={onWhole} />
      </StrictMode>,
    ),
  );
  await expect.poll(() => source.readers()).toBe(1);
  source.emit(1, 2);
  expect(onWhole.mock.calls).toEqual([[["message", 1]], [["message", 2]]]);
  root.unmount();
});
