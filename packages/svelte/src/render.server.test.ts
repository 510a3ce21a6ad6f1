import { scriptedSource } from "@tidewire/conformance/binding";
import { render } from "svelte/server";
import { expect, test } from "vitest";
import ServerPage from "./page.server.test.svelte";
import { serverRendered } from "./rendered-probe.ts";
import RunesProbe from "./runes-probe.test.svelte";
import StoreProbe from "./store-probe.test.svelte";

test("[server-render] the initial values are in the HTML, and nothing is dialled", async () => {
  const source = scriptedSource<number>(1);
  const { body } = render(ServerPage, { props: { source: source.stream } });
  expect(body).toContain("<p>42 idle 7 idle 3</p>");
  await Promise.resolve();
  expect(source.dials()).toBe(0);
});

test.each([
  ["runes", RunesProbe],
  ["store", StoreProbe],
])("[server-render] the %s probe is rendered as the browser's suite takes it over", (_name, Probe) => {
  const log = { rendering: () => {}, committed: () => {} };
  const { stream } = scriptedSource<number>();
  const props = { feed: { source: stream }, options: { initial: [1, 2] }, log, take: () => {} };
  expect(render(Probe, { props }).body).toBe(serverRendered([1, 2]));
});
