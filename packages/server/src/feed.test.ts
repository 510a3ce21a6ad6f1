import { describe, expect, it, vi } from "vitest";
import type { LogPage } from "./engine.ts";
import { createHub } from "./hub.ts";
import { memory } from "./memory.ts";

function hubWithLog(onError = vi.fn()) {
  const engine = memory();
  const hub = createHub({ engine, onError });
  const published = () => {
    const page = engine.read("a", undefined, 100) as LogPage;
    return page.entries.map(({ payload }) => JSON.parse(payload));
  };
  return { hub, published, onError };
}

describe("a feed", () => {
  it("publishes what an async iterable gives, and asks for no more than was appended", async () => {
    const { hub, published } = hubWithLog();
    let asked = 0;
    async function* numbers() {
      for (asked = 1; asked <= 3; asked += 1) {
        expect(published()).toHaveLength(asked - 1);
        yield asked;
      }
    }
    await hub.feed("a", numbers()).done;
    expect(published()).toEqual([1, 2, 3]);
  });

  it("lets a generator clean up when it is stopped", async () => {
    const { hub, published } = hubWithLog();
    const cleanUp = vi.fn();
    async function* forEver() {
      try {
        for (let n = 1; ; n += 1) yield n;
      } finally {
        cleanUp();
      }
    }
    const feeding = hub.feed("a", forEver());
    await vi.waitFor(() => expect(published().length).toBeGreaterThan(2));
    feeding.stop();
    feeding.stop();
    await feeding.done;
    await vi.waitFor(() => expect(cleanUp).toHaveBeenCalledTimes(1));
    const { length } = published();
    await Promise.resolve();
    expect(published()).toHaveLength(length);
  });

  it("publishes what an observable gives, and unsubscribes when stopped or when the hub closes", async () => {
    const { hub, published } = hubWithLog();
    const unsubscribe = vi.fn();
    let give: (value: number) => void = () => {};
    const source = {
      subscribe(observer: { next(value: number): void }) {
        give = (value) => observer.next(value);
        return { unsubscribe };
      },
    };
    const feeding = hub.feed("a", source);
    give(1);
    feeding.stop();
    give(2);
    await feeding.done;
    expect(published()).toEqual([1]);
    hub.feed("a", source);
    give(3);
    expect(published()).toEqual([1, 3]);
    await hub.close();
    expect(unsubscribe).toHaveBeenCalledTimes(2);
  });

  it("says when its source fails, or gives what JSON has no word for", async () => {
    const { hub, onError } = hubWithLog();
    const broken = new Error("broken");
    const failing = hub.feed(
      "a",
      (async function* () {
        yield 1;
        throw broken;
      })(),
    );
    await expect(failing.done).rejects.toBe(broken);
    expect(onError).toHaveBeenCalledWith(broken, "the feed of a");
    const unsubscribe = vi.fn();
    const odd = hub.feed("a", {
      subscribe(observer) {
        observer.next(undefined);
        observer.next(1);
        return { unsubscribe };
      },
    });
    await expect(odd.done).rejects.toMatchObject({ code: "message-invalid" });
    expect(unsubscribe).toHaveBeenCalled();
  });
});
