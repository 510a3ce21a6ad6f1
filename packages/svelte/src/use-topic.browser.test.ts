import { scriptedClient } from "@tidewire/conformance/binding";
import { flushSync, mount, unmount } from "svelte";
import { createSubscriber } from "svelte/reactivity";
import { expect, test } from "vitest";
import TopicPage from "./topic-page.test.svelte";

test("reads a topic of the provided client, follows its name, and is idle without one", async () => {
  const scripted = scriptedClient();
  const host = document.createElement("div");
  let name: string | null = "a";
  let update = (): void => {};
  const track = createSubscriber((next) => {
    update = next;
  });
  const named = (): string | null => {
    track();
    return name;
  };
  const view = mount(TopicPage, { target: host, props: { client: scripted.client, named } });
  flushSync();
  await expect.poll(() => scripted.topic("a").readers()).toBe(1);
  scripted.topic("a").open();
  scripted.topic("a").emit(1);
  await expect.poll(() => host.textContent).toBe("1 open;1 open;");
  expect([scripted.asked, scripted.topic("a").dials()]).toEqual([["a"], 1]);
  name = "b";
  update();
  await expect.poll(() => scripted.topic("b").readers()).toBe(1);
  scripted.topic("a").emit(2);
  scripted.topic("b").emit(10);
  await expect.poll(() => host.textContent).toBe("10 connecting;10 connecting;");
  name = null;
  update();
  await expect.poll(() => host.textContent?.trim()).toBe("idle; idle;");
  await unmount(view);
});

test("names the fix where no client was provided", () => {
  const target = document.createElement("div");
  expect(() => mount(TopicPage, { target, props: { named: () => "a" } })).toThrow("provideClient(client)");
});
