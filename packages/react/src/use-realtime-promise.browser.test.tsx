import { type ScriptedSource, scriptedSource } from "@tidewire/conformance/binding";
import { TidewireError } from "@tidewire/core";
import { Component, type ReactNode, StrictMode, Suspense, use } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { useRealtime, useRealtimePromise } from "./index.ts";

let host: HTMLElement;
let root: Root;
beforeEach(() => {
  host = document.body.appendChild(document.createElement("div"));
  root = createRoot(host, { onCaughtError: () => {} });
});
afterEach(() => {
  root.unmount();
  host.remove();
});

interface PriceProps {
  readonly source: ScriptedSource<number, string>;
}

function Price({ source }: PriceProps) {
  const first = use(useRealtimePromise(source.stream, { ttlMs: 2000 }));
  const { data = first, status } = useRealtime(source.stream, { lingerMs: 0 });
  return (
    <p>
      {data} {status}
    </p>
  );
}

class Boundary extends Component<{ readonly children: ReactNode }, { readonly error?: Error }> {
  override state: { readonly error?: Error } = {};
  static getDerivedStateFromError = (error: Error) => ({ error });
  override render(): ReactNode {
    return this.state.error ? `failed: ${this.state.error.message}` : this.props.children;
  }
}

const page = (source: PriceProps["source"]) => (
  <StrictMode>
    <Boundary>
      <Suspense fallback="waiting for the first price">
        <Price source={source} />
      </Suspense>
    </Boundary>
  </StrictMode>
);

test("suspends until the first message, then reads on over the same connection", async () => {
  const source = scriptedSource<number>();
  root.render(page(source));
  await expect.poll(() => host.textContent).toBe("waiting for the first price");
  await expect.poll(() => source.readers()).toBe(1);
  source.open();
  source.emit(41);
  await expect.poll(() => host.textContent).toBe("41 open");
  source.emit(42);
  await expect.poll(() => host.textContent).toBe("42 open");
  expect(source.dials()).toBe(1);
  root.render(null);
  await expect.poll(() => source.readers(), { timeout: 5000 }).toBe(0);
});

test("a failure before the first message is for the error boundary", async () => {
  const source = scriptedSource<number>();
  root.render(page(source));
  await expect.poll(() => source.readers()).toBe(1);
  source.fail(new TidewireError("unauthenticated", "no entry", { isFinal: true }));
  await expect.poll(() => host.textContent).toBe("failed: no entry");
});

test("a failure after it is a status like any other", async () => {
  const source = scriptedSource<number>(1);
  root.render(page(source));
  await expect.poll(() => host.textContent).toContain("1 ");
  source.fail(new TidewireError("unauthenticated", "no entry", { isFinal: true }));
  await expect.poll(() => host.textContent).toBe("1 failed");
});
