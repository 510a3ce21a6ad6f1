import { scriptedClient } from "@tidewire/conformance/binding";
import { createSignal } from "solid-js";
import { render } from "solid-js/web";
import { expect, test } from "vitest";
import { createTopic, RealtimeProvider } from "./index.ts";

const [name, setName] = createSignal<string | null>("a");
const Price = () => {
  const price = createTopic<number>(name, { from: "earliest" });
  return <p>{`${price()} ${price.status};`}</p>;
};

test("reads a topic of the provided client, follows its name, and is idle without one", async () => {
  const scripted = scriptedClient();
  const host = document.createElement("div");
  const dispose = render(
    () => (
      <RealtimeProvider client={scripted.client}>
        <Price />
        <Price />
      </RealtimeProvider>
    ),
    host,
  );
  await expect.poll(() => scripted.topic("a").readers()).toBe(1);
  scripted.topic("a").open();
  scripted.topic("a").emit(1);
  await expect.poll(() => host.textContent).toBe("1 open;1 open;");
  expect([scripted.asked, scripted.topic("a").dials()]).toEqual([["a"], 1]);
  setName("b");
  await expect.poll(() => scripted.topic("b").readers()).toBe(1);
  scripted.topic("a").emit(2);
  scripted.topic("b").emit(10);
  await expect.poll(() => host.textContent).toBe("10 connecting;10 connecting;");
  setName(null);
  await expect.poll(() => host.textContent).toBe("undefined idle;undefined idle;");
  dispose();
});

test("names the fix where no client was provided", () => {
  expect(() => render(() => <Price />, document.createElement("div"))).toThrow("<RealtimeProvider");
});
