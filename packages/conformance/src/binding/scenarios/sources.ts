import { Subject } from "rxjs";
import { expect, test } from "vitest";
import type { Stage } from "../mounted.ts";
import { scriptedEndpoint } from "../scripted-endpoint.ts";

const list = (state: readonly number[], data: number): readonly number[] => [...state, data];

/** Everything that can be read. */
export function sourceScenarios(stage: Stage): void {
  test("[observable] any Observable is a source; its end is closed", async () => {
    const subject = new Subject<number>();
    const probe = stage.mount(subject, { initial: [], reduce: list });
    await probe.shows({ data: [], status: "connecting" });
    subject.next(1);
    subject.next(2);
    await probe.shows({ data: [1, 2], status: "open" });
    subject.complete();
    await probe.shows({ data: [1, 2], status: "closed" });
  });

  test("[observable-error] an Observable that fails is a status, not an exception", async () => {
    const subject = new Subject<number>();
    const probe = stage.mount(subject);
    await probe.shows({ status: "connecting" });
    subject.next(1);
    subject.error(new Error("broken"));
    await probe.shows({ data: 1, status: "failed", error: "network" });
  });

  test("[async-iterable] an async iterable is a source, and is told when nobody reads it any more", async () => {
    let isReturned = false;
    let give: (value: number) => void = () => {};
    async function* values() {
      try {
        for (;;) {
          yield await new Promise<number>((resolve) => {
            give = resolve;
          });
        }
      } finally {
        isReturned = true;
      }
    }
    const probe = stage.mount(values(), { lingerMs: 0 });
    await probe.shows({ status: "connecting" });
    give(1);
    await probe.shows({ data: 1, status: "open" });
    probe.unmount();
    await new Promise((resolve) => setTimeout(resolve, 5));
    give(2); // a generator can only be left where it yields
    await expect.poll(() => isReturned).toBe(true);
  });

  test("[address] a URL is opened once for all its readers", async () => {
    const endpoint = scriptedEndpoint();
    const address = `https://binding.test/${crypto.randomUUID()}`;
    const options = { initial: [], reduce: list, fetch: endpoint.fetch };
    const one = stage.mount(address, options);
    const other = stage.mount(new URL(address), options);
    await one.shows({ data: [], status: "open" });
    await other.shows({ data: [], status: "open" });
    endpoint.push("data: 1\n\ndata: 2\n\n");
    await one.shows({ data: [1, 2] });
    await other.shows({ data: [1, 2] });
    expect(endpoint.requests.map(({ url }) => url)).toEqual([address]);
  });

  test("[stray-option] an option of the stream with a source that is a stream already is refused", () => {
    const mount = () => stage.mount(new Subject<number>(), { fetch });
    expect(mount).toThrow("`fetch` is an option of the stream");
  });

  test("[conflict] reduce and conflate together are refused", () => {
    const mount = () => stage.mount(new Subject<number>(), { reduce: list, conflate: (data) => data });
    expect(mount).toThrow("`reduce` and `conflate`");
  });
}
