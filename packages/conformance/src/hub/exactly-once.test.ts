import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { faultOf, World } from "./world.ts";

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

/** What can happen, and how often. The number says to which node or line. */
const STEPS: { readonly [word: string]: readonly [weight: number, run: (world: World, n: number) => unknown] } = {
  publish: [30, (w) => w.publish()],
  feed: [18, (w, n) => w.engine.deliver(n)],
  up: [14, (w, n) => w.openLines().at(n)?.arriveUp()],
  down: [24, (w, n) => w.openLines().at(n)?.arriveDown()],
  time: [8, (w) => w.clock.advance(10)],
  cut: [3, (w, n) => w.openLines().at(n)?.cut()],
  move: [4, (w) => w.move()],
  "engine line": [2, (w, n) => w.engine.reconnect(n)],
  "engine restart": [1, (w) => w.restartEngine()],
};

const step = fc.tuple(
  fc.oneof(...Object.entries(STEPS).map(([word, [weight]]) => ({ weight, arbitrary: fc.constant(word) }))),
  fc.nat(1),
);

const life = fc.record({
  steps: fc.array(step, { minLength: 20, maxLength: 90 }),
  chances: fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 7, maxLength: 7 }),
});

type Life = typeof life extends fc.Arbitrary<infer Value> ? Value : never;

/** Lives one life, and says what was wrong with it. */
async function live({ steps, chances }: Life, mutate: (world: World) => void): Promise<string | undefined> {
  let turn = 0;
  const chance = (): number => chances[turn++ % chances.length] as number;
  const world = new World(chance);
  await world.quiesce(); // the reader stands at the top: from here on it is owed everything
  mutate(world);
  world.engine.loses = () => chance() < 0.12;
  for (const [word, n] of steps) {
    await STEPS[word]?.[1](world, n);
    await world.settle();
  }
  await world.quiesce();
  const fault = faultOf(world);
  await world.close();
  return fault;
}

const property = (mutate: (world: World) => void = () => {}) =>
  fc.asyncProperty(life, async (one) => {
    expect(await live(one, mutate)).toBeUndefined();
  });

test("no life of a client, two hubs and one engine loses, repeats or reorders a message in silence", async () => {
  await fc.assert(property(), { numRuns: Number(process.env["RUNS"] ?? 20_000) });
}, 600_000);

function hideGaps(world: World): void {
  world.hides = (frame) => frame.startsWith('{"k":"gap"');
}

/** Each takes one rule away. A check that does not notice would prove nothing. */
const mutations: [name: string, mutate: (world: World) => void][] = [
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
    const { failed } = await fc.check(property(mutate), { numRuns: 20_000, endOnFailure: true });
    expect(failed).toBe(true);
  },
  120_000,
);
