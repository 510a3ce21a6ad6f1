import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { exactlyOnce, type Mutate } from "./lives.ts";
import type { World } from "./world.ts";

/** What the gate is made to get wrong, to see that the check notices. */
const mutation = vi.hoisted(() => ({ now: "none" }));

vi.mock("../../../core/src/client/gate.ts", async (importOriginal) => {
  const { Gate } = await importOriginal<typeof import("../../../core/src/client/gate.ts")>();
  class MutantGate extends Gate {
    override message(e: number, p: number, o: number) {
      const before = this.cursor;
      if (mutation.now === "late cursor" && e === before?.e && p <= before.o && before.o < o) {
        queueMicrotask(() => super.message(e, p, o));
        return "deliver";
      }
      const verdict = super.message(e, p, o);
      if (mutation.now === "no dedupe" && verdict === "drop" && e === before?.e) return "deliver";
      if (mutation.now === "no prev link" && verdict === "resync" && e === before?.e) {
        this.gap(e, o);
        return "deliver";
      }
      return verdict;
    }
  }
  return { Gate: MutantGate };
});

afterEach(() => {
  mutation.now = "none";
});

test("no life of a client, two hubs and one engine loses, repeats or reorders a message in silence", async () => {
  await fc.assert(exactlyOnce(), { numRuns: Number(process.env["RUNS"] ?? 20_000) });
}, 600_000);

function hideGaps(world: World): void {
  world.hides = (frame) => frame.startsWith('{"k":"gap"');
}

/** Each takes one rule away. A check that does not notice would prove nothing. */
const mutations: [name: string, mutate: Mutate][] = [
  ["no dedupe", () => {}],
  ["late cursor", () => {}],
  ["silent trim", hideGaps],
  ["no prev link", hideGaps], // the prev link is what a gap that was not said is noticed by
  [
    "no read-through",
    ({ hubs }) => {
      for (const { core } of hubs) Object.assign(core.topics, { reach: core.topics.use });
    },
  ],
];

test.each(mutations)(
  "the check notices: %s",
  async (name, mutate) => {
    mutation.now = name;
    const { failed } = await fc.check(exactlyOnce(mutate), { numRuns: 20_000, endOnFailure: true });
    expect(failed).toBe(true);
  },
  120_000,
);
