import { expect, test, vi } from "vitest";
import { type Stage, settled } from "../mounted.ts";
import { scriptedEndpoint } from "../scripted-endpoint.ts";
import { scriptedSource } from "../scripted-source.ts";

const list = (state: readonly number[], data: number): readonly number[] => [...state, data];

/** A page that a server rendered first. */
export function hydrationScenarios(stage: Stage): void {
  test("[hydrate] takes over what the server rendered without a jump, and reads on", async () => {
    const source = scriptedSource();
    const page = await stage.hydrate(source.stream, { initial: 7 });
    expect(page.html.replaceAll("&quot;", '"')).toContain('{"data":7,"status":"idle"}');
    expect(source.dials()).toBe(0);
    const complaints = listenToConsole();
    const probe = page.start();
    await probe.shows({ data: 7, status: "connecting" });
    await settled();
    expect(new Set(probe.history.map(({ data }) => data))).toEqual(new Set([7]));
    source.emit(8);
    await probe.shows({ data: 8 });
    expect(complaints()).toEqual([]);
  });

  test("[hydrate-late] takes over what the server rendered, also where the source is read already", async () => {
    const source = scriptedSource();
    const page = await stage.hydrate(source.stream, { initial: 7 });
    const early = stage.mount(source.stream);
    await early.shows({ status: "connecting" });
    source.open();
    source.emit(5);
    await early.shows({ data: 5, status: "open" });
    const complaints = listenToConsole();
    const probe = page.start();
    await probe.shows({ data: 5, status: "open" });
    expect(complaints()).toEqual([]);
  });

  test("[hydrate-cursor] goes on behind the server's last message, and loses none", async () => {
    const endpoint = scriptedEndpoint();
    const address = `https://binding.test/${crypto.randomUUID()}`;
    const options = { initial: [1, 2], reduce: list, lastEventId: "2", fetch: endpoint.fetch };
    const probe = (await stage.hydrate(address, options)).start();
    await probe.shows({ data: [1, 2], status: "open" });
    expect(endpoint.requests.map(({ headers }) => headers.get("last-event-id"))).toEqual(["2"]);
    endpoint.push("id: 3\ndata: 3\n\n");
    await probe.shows({ data: [1, 2, 3] });
    expect(probe.history.every(({ data }) => (data as number[]).length >= 2)).toBe(true);
  });
}

/** What the console is told from now on. A poll's own tries, which zone.js reports as unhandled, are none of it. */
function listenToConsole(): () => unknown[] {
  const words = [vi.spyOn(console, "error"), vi.spyOn(console, "warn")];
  const isTry = (word: unknown) => word instanceof Error && word.name === "AssertionError";
  return () => words.flatMap(({ mock }) => mock.calls).filter(([word]) => !isTry(word));
}
