import { scriptedClient } from "@tidewire/conformance/binding";
import { expect, test } from "vitest";
import { createApp, defineComponent, effectScope, h, shallowRef } from "vue";
import { provideClient, tidewire, useRealtime, useTopic } from "./index.ts";

const name = shallowRef<string | null>("a");
const Price = defineComponent({
  setup() {
    const { data, status } = useTopic<number>(name, { from: "earliest" });
    return () => h("p", `${data.value} ${status.value};`);
  },
});

test("reads a topic of the plugin's client, follows its name, and is idle without one", async () => {
  const scripted = scriptedClient();
  const host = document.createElement("div");
  const app = createApp({ render: () => [h(Price), h(Price)] });
  app.use(tidewire, scripted.client);
  app.mount(host);
  await expect.poll(() => scripted.topic("a").readers()).toBe(1);
  scripted.topic("a").open();
  scripted.topic("a").emit(1);
  await expect.poll(() => host.textContent).toBe("1 open;1 open;");
  expect([scripted.asked, scripted.topic("a").dials()]).toEqual([["a"], 1]);
  name.value = "b";
  await expect.poll(() => scripted.topic("b").readers()).toBe(1);
  scripted.topic("a").emit(2);
  scripted.topic("b").emit(10);
  await expect.poll(() => host.textContent).toBe("10 connecting;10 connecting;");
  name.value = null;
  await expect.poll(() => host.textContent).toBe("undefined idle;undefined idle;");
  app.unmount();
});

test("reads a topic of a client that a component provided", async () => {
  name.value = "c";
  const scripted = scriptedClient();
  const host = document.createElement("div");
  const Provider = defineComponent({
    setup() {
      provideClient(scripted.client);
      return () => h(Price);
    },
  });
  const app = createApp(Provider);
  app.mount(host);
  await expect.poll(() => scripted.topic("c").readers()).toBe(1);
  app.unmount();
});

test("names the fix where no client was provided", () => {
  const app = createApp(Price);
  const errors: unknown[] = [];
  app.config.errorHandler = (error) => void errors.push(error);
  app.config.warnHandler = () => {};
  app.mount(document.createElement("div"));
  expect(errors.map(String).join()).toContain("provideClient(client)");
});

test("lives in an effect scope without any component, as in a Pinia store", async () => {
  const { topic } = scriptedClient();
  const source = topic("scope");
  const scope = effectScope(true);
  const live = scope.run(() => useRealtime(source.stream, { lingerMs: 0 }));
  await expect.poll(() => source.readers()).toBe(1);
  source.emit(5);
  await expect.poll(() => live?.data.value).toBe(5);
  scope.stop();
  await expect.poll(() => source.readers()).toBe(0);
});
