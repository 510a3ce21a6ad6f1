import "@angular/compiler"; // nothing is compiled ahead here

import { type ApplicationRef, Component, provideZonelessChangeDetection, signal } from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";
import { scriptedClient } from "@tidewire/conformance/binding";
import { afterEach, expect, test } from "vitest";
import { injectTopic, provideRealtime } from "./index.ts";

const name = signal<string | null>("a");

@Component({ selector: "topic-price", template: "{{ price.value() }} {{ price.status() }}" })
class Price {
  readonly price = injectTopic<number>(name, { from: "earliest" });
}

const applications: ApplicationRef[] = [];
const scripted = scriptedClient();
async function show(...client: Parameters<typeof provideRealtime>[]): Promise<void> {
  document.body.append(document.createElement("topic-price"));
  const providers = [provideZonelessChangeDetection(), ...client.map(([given]) => provideRealtime(given))];
  applications.push(await bootstrapApplication(Price, { providers }));
}
afterEach(() => {
  for (const application of applications.splice(0)) application.destroy();
  document.body.replaceChildren();
});

test("reads a topic of the provided client, follows its name, and is idle without one", async () => {
  await show([scripted.client]);
  await expect.poll(() => scripted.topic("a").readers()).toBe(1);
  scripted.topic("a").open();
  scripted.topic("a").emit(1);
  await expect.poll(() => document.querySelector("topic-price")?.textContent).toBe("1 open");
  expect(scripted.asked).toEqual(["a"]);
  name.set("b");
  await expect.poll(() => scripted.topic("b").readers()).toBe(1);
  scripted.topic("a").emit(2);
  scripted.topic("b").emit(10);
  await expect.poll(() => document.querySelector("topic-price")?.textContent).toBe("10 connecting");
  name.set(null);
  await expect.poll(() => document.querySelector("topic-price")?.textContent).toBe(" idle");
});

test("a client may be made when it is first injected", async () => {
  name.set("c");
  await show([() => scripted.client]);
  await expect.poll(() => scripted.topic("c").readers()).toBe(1);
});

test("names the fix where no client was provided", async () => {
  await expect(show()).rejects.toThrow("provideRealtime(client)");
});
