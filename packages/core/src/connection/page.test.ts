import { afterEach, expect, test, vi } from "vitest";
import { type PageEvent, platformPage } from "./page.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

test("a server is looked at and online, and tells nothing", () => {
  const stop = platformPage.listen(() => expect.unreachable());
  expect([platformPage.isVisible(), platformPage.isOnline()]).toEqual([true, true]);
  stop();
});

test("a worker, which has no document, tells of its network until it is stopped", () => {
  const worker = new EventTarget();
  const navigator = { onLine: true };
  vi.stubGlobal("navigator", navigator);
  vi.stubGlobal("addEventListener", worker.addEventListener.bind(worker));
  const told: PageEvent[] = [];
  const stop = platformPage.listen((event) => told.push(event));
  navigator.onLine = false;
  worker.dispatchEvent(new Event("offline"));
  expect([platformPage.isVisible(), platformPage.isOnline()]).toEqual([true, false]);
  worker.dispatchEvent(new Event("online"));
  stop();
  worker.dispatchEvent(new Event("offline"));
  expect(told).toEqual(["offline", "online"]);
});
