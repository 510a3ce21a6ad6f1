import fc from "fast-check";
import { expect } from "vitest";
import type { StartEngine } from "./faulty-engine.ts";
import { faultOf, World } from "./world.ts";

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

/** Takes a rule away. */
export type Mutate = (world: World) => void;

/** Lives one life, and says what was wrong with it. */
async function live({ steps, chances }: Life, mutate: Mutate, startEngine?: StartEngine): Promise<string | undefined> {
  let turn = 0;
  const chance = (): number => chances[turn++ % chances.length] as number;
  const world = new World(chance, startEngine);
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

/** No life loses, repeats or reorders a message in silence. */
export const exactlyOnce = (mutate: Mutate = () => {}, startEngine?: StartEngine) =>
  fc.asyncProperty(life, async (one) => {
    expect(await live(one, mutate, startEngine)).toBeUndefined();
  });
