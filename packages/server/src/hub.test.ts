import { describe, expect, it, vi } from "vitest";
import { createHub, type Hub } from "./hub.ts";
import { memory } from "./memory.ts";

const one = { code: "not-open" };
async function* nothing() {}

/** Every promise of the hub, each for the same reason. */
const promises = (hub: Hub, name: string): Promise<unknown>[] => [
  hub.publish(name, 1),
  hub.feed(name, nothing()).done,
  hub.getState(name, () => 1),
];

describe("a hub's one way to fail", () => {
  it("rejects for a bad name, throws nothing, and tells onError once", async () => {
    const onError = vi.fn();
    const hub = createHub({ onError });
    for (const promise of promises(hub, "")) await expect(promise).rejects.toMatchObject({ code: "option-invalid" });
    expect(onError).toHaveBeenCalledTimes(2); // getState is asked for by whoever waits for it
    expect(() => hub.topic("")).toThrow(expect.objectContaining({ code: "option-invalid" }));
    await hub.close();
  });

  it("rejects once it is closed, and tells onError once", async () => {
    const onError = vi.fn();
    const hub = createHub({ onError });
    const topic = hub.topic<number>("a");
    await hub.close();
    for (const promise of [...promises(hub, "a"), topic.publish(1)]) await expect(promise).rejects.toMatchObject(one);
    expect(onError).toHaveBeenCalledTimes(3);
  });

  it("rejects for data that JSON has no word for, and says which that is", async () => {
    const hub = createHub({ onError: vi.fn() });
    await expect(hub.publish("a", { x: Number.NaN })).rejects.toThrow("The message to a is NaN at .x");
    await expect(hub.publish("a", undefined)).rejects.toThrow("The message to a is undefined");
    await hub.close();
  });

  it("survives promises that nobody awaits, and a listener that throws itself", async () => {
    const print = vi.spyOn(console, "error").mockImplementation(() => {});
    const unhandled = vi.fn();
    process.on("unhandledRejection", unhandled);
    const engine = { ...memory(), append: () => Promise.reject(new Error("away")) };
    const hub = createHub({
      engine,
      onError() {
        throw new Error("the listener");
      },
    });
    void hub.publish("a", 1);
    void hub.publish("", 1);
    void hub.publish("a", 1n);
    await hub.close();
    void hub.publish("a", 1);
    hub.feed("a", nothing());
    await new Promise((resolve) => setTimeout(resolve));
    process.off("unhandledRejection", unhandled);
    expect(unhandled).not.toHaveBeenCalled();
    expect(print.mock.calls.map(([where]) => where)).toContain("tidewire: onError:");
    print.mockRestore();
  });
});
