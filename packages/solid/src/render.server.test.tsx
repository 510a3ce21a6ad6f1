import { scriptedSource } from "@tidewire/conformance/binding";
import { renderToString } from "solid-js/web";
import { expect, test } from "vitest";
import { createRealtime } from "./index.ts";
import { Probe } from "./probe.fixture.tsx";
import { serverRendered } from "./rendered-probe.fixture.ts";

test("[server-render] the initial value is in the HTML, and nothing is connected to", async () => {
  const source = scriptedSource<number>(1);
  const Page = () => {
    const live = createRealtime(source.stream, { initial: 42 });
    return (
      <p>
        {live()} {live.status}
      </p>
    );
  };
  expect(renderToString(() => <Page />).replaceAll(/<!--.*?-->/g, "")).toMatch(/>42 idle</);
  await Promise.resolve();
  expect(source.dials()).toBe(0);
});

test("[server-render] the probe is rendered as the browser's suite takes it over", () => {
  const log = { rendering: () => {}, committed: () => {} };
  const script = { source: scriptedSource<number>().stream, options: { initial: [1, 2] }, log };
  expect(renderToString(() => <Probe script={script} take={() => {}} />)).toBe(serverRendered([1, 2]));
});
