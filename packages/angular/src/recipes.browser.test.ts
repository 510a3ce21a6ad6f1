import "@angular/compiler"; // nothing is compiled ahead here

import { type ApplicationRef, Component, inject, provideZonelessChangeDetection, type Type } from "@angular/core";
import { rxResource, toSignal } from "@angular/core/rxjs-interop";
import { bootstrapApplication } from "@angular/platform-browser";
import { signalStore, withProps } from "@ngrx/signals";
import { scriptedSource } from "@tidewire/conformance/binding";
import { TidewireError } from "@tidewire/core";
import { afterEach, expect, test } from "vitest";
import { injectRealtime } from "./index.ts";

const applications: ApplicationRef[] = [];
async function show(page: Type<unknown>): Promise<void> {
  document.body.append(document.createElement("a-page"));
  applications.push(await bootstrapApplication(page, { providers: [provideZonelessChangeDetection()] }));
}
const text = () => document.querySelector("a-page")?.textContent;
afterEach(() => {
  for (const application of applications.splice(0)) application.destroy();
  document.body.replaceChildren();
});

test("rxResource and toSignal read a stream beside injectRealtime, by one connection", async () => {
  const ticks = scriptedSource<number>();
  @Component({
    selector: "a-page",
    template: "{{ own.value() }} {{ resource.value() }} {{ signal() }} {{ own.status() }}",
  })
  class Page {
    readonly own = injectRealtime(ticks.stream, { initial: 0 });
    readonly resource = rxResource({ stream: () => ticks.stream, defaultValue: 0 });
    readonly signal = toSignal(ticks.stream, { initialValue: 0 });
  }
  await show(Page);
  await expect.poll(() => ticks.readers()).toBe(3);
  ticks.open();
  ticks.emit(1);
  await expect.poll(text).toBe("1 1 1 open");
  expect(ticks.dials()).toBe(1);
  // Losing the connection is a status; for the others the stream just goes on.
  ticks.become({ status: "waiting", attempt: 1, retryAt: 0, error: new TidewireError("network", "It was cut.") });
  await expect.poll(text).toBe("1 1 1 waiting");
  ticks.open();
  ticks.emit(2);
  await expect.poll(text).toBe("2 2 2 open");
});

test("an NgRx signal store holds a stream among its props, for as long as the store lives", async () => {
  const lines = scriptedSource<string, string>();
  const list = (all: readonly string[], line: string): readonly string[] => [...all, line];
  const ChatStore = signalStore(
    withProps(() => ({ chat: injectRealtime(lines.stream, { initial: [], reduce: list, lingerMs: 0 }) })),
  );
  @Component({
    selector: "a-page",
    template: "{{ store.chat.value().join() }} {{ store.chat.status() }}",
    providers: [ChatStore],
  })
  class Page {
    readonly store = inject(ChatStore);
  }
  await show(Page);
  await expect.poll(() => lines.readers()).toBe(1);
  lines.open();
  lines.emit("a", "b");
  await expect.poll(text).toBe("a,b open");
  applications.splice(0)[0]?.destroy();
  await expect.poll(() => lines.readers()).toBe(0);
});
