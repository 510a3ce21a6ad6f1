import { formatCursor, parseVector } from "@tidewire/wire";
import { expect, it, vi } from "vitest";
import { createHub } from "../hub.ts";
import { memory } from "../memory.ts";

const add = { initial: 0, reduce: (sum: number, n: number) => sum + n };

it("a topic that keeps its state gives it with the cursor of the last message in it", async () => {
  const hub = createHub();
  const topic = hub.topic<number>("a", { state: add });
  await topic.publish(1);
  const { e, o } = await topic.publish(2);
  expect(await topic.getState()).toEqual({ state: 3, cursor: formatCursor("a", { e, o }), isExact: true });
  await hub.close();
});

it("the state is more than the history that is kept, and begins with what an engine has", async () => {
  const engine = { ...memory(), close() {} };
  const hub = createHub({ engine, retainMessages: 2 });
  const topic = hub.topic<number>("a", { state: add });
  for (const n of [1, 2, 3]) await topic.publish(n);
  expect((await topic.getState()).state).toBe(6);
  const other = createHub({ engine, retainMessages: 2 });
  expect((await other.topic("a", { state: add }).getState()).state).toBe(5);
  await Promise.all([hub.close(), other.close()]);
});

it("a reducer that throws is told, and the message counts as no change", async () => {
  const onError = vi.fn();
  const hub = createHub({ onError });
  const topic = hub.topic<number>("a", {
    state: {
      initial: 0,
      reduce(sum: number, n: number) {
        if (n === 2) throw new Error("two");
        return sum + n;
      },
    },
  });
  for (const n of [1, 2, 3]) await topic.publish(n);
  expect((await topic.getState()).state).toBe(4);
  expect(onError).toHaveBeenCalledExactlyOnceWith(new Error("two"), "the state of a");
  await hub.close();
});

it("a state that is loaded comes with the cursor that nothing moved from meanwhile", async () => {
  const hub = createHub();
  let price = 0;
  const change = () => {
    price += 1;
    return hub.publish("a", price);
  };
  await change();
  let loads = 0;
  const load = async () => {
    const seen = price;
    loads += 1;
    if (loads < 3) await change();
    return seen;
  };
  const { state, cursor, isExact } = await hub.getState("a", load);
  expect({ state, loads, isExact }).toEqual({ state: 3, loads: 3, isExact: true });
  expect(parseVector(cursor)?.get("a")?.o).toBe(3);
  await hub.close();
});

it("a topic that never rests gives a cursor that nothing is missing after, and says so", async () => {
  const hub = createHub();
  let published = 0;
  const load = async () => {
    published += 1;
    await hub.publish("a", published);
    return published;
  };
  const { state, cursor, isExact } = await hub.getState("a", load);
  expect(isExact).toBe(false);
  expect(parseVector(cursor)?.get("a")?.o).toBe(state - 1);
  await hub.close();
});

it("a topic without state and without a function to load it says what to do", async () => {
  const hub = createHub();
  await expect(hub.getState("a")).rejects.toThrow(/give `state` to hub\.topic/);
  await expect(hub.getState("a", () => Promise.reject(new Error("down")))).rejects.toThrow("down");
  await hub.close();
});
