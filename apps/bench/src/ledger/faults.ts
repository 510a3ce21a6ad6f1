import { setTimeout as pause } from "node:timers/promises";
import type { Cable } from "./cable.ts";
import type { FaultName } from "./schedule.ts";

/** Does something to a cable, and takes it back after `lastsMs`. */
export type Fault = (cable: Cable, lastsMs: number) => Promise<void>;

/** The line is gone in one moment, and could be back in the next. */
export const CUTS: ReadonlySet<FaultName> = new Set<FaultName>(["cut", "reset", "half-close"]);

export const faults: Readonly<Record<FaultName, Fault>> = {
  async cut(cable) {
    cable.cut();
  },
  async reset(cable) {
    cable.reset();
  },
  async "half-close"(cable) {
    cable.halfClose();
  },
  async "black hole"(cable, lastsMs) {
    cable.die();
    await pause(lastsMs);
    cable.reset(); // what was swallowed never comes
  },
  async delay(cable, lastsMs) {
    cable.latencyMs = 40;
    await pause(lastsMs);
    cable.latencyMs = 0;
  },
  async throttle(cable, lastsMs) {
    cable.bytesPerSecond = 20_000;
    await pause(lastsMs);
    cable.bytesPerSecond = 0;
  },
  async refuse(cable, lastsMs) {
    cable.refuse();
    cable.reset();
    await pause(lastsMs);
    await cable.accept();
  },
  async flap(cable, lastsMs) {
    for (let turn = 0; turn < 3; turn += 1) {
      cable.reset();
      await pause(lastsMs / 3);
    }
  },
};
