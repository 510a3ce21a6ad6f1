import { scriptedSource } from "@tidewire/conformance/binding";
import { render } from "svelte/server";
import { expect, test } from "vitest";
import ServerPage from "./page.server.test.svelte";

test("[server-render] the initial values are in the HTML, and nothing is dialled", async () => {
  const source = scriptedSource<number>(1);
  const { body } = render(ServerPage, { props: { source: source.stream } });
  expect(body).toContain("<p>42 idle 7 idle 3</p>");
  await Promise.resolve();
  expect(source.dials()).toBe(0);
});
