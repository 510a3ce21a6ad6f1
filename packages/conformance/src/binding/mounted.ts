import { expect } from "vitest";
import type { BindingDriver, Probe, ProbeOptions, ProbeSource, Shown } from "./driver.ts";

/** A probe on the page with its history. */
export interface MountedProbe extends Probe {
  /** Everything that stood on the page, in order. */
  readonly history: Shown[];
  /** Waits until the page shows this. */
  shows(shown: Partial<Shown>): Promise<void>;
}

/** Mounts probes, and unmounts what a test left behind. */
export class Stage {
  readonly #driver: BindingDriver;
  readonly #probes: Probe[] = [];

  constructor(driver: BindingDriver) {
    this.#driver = driver;
  }

  mount(source: ProbeSource, options: ProbeOptions = {}, rendering: () => void = () => {}): MountedProbe {
    const history: Shown[] = [];
    const probe = this.#driver.mount(source, options, { rendering, committed: (shown) => history.push(shown) });
    return this.#keep(probe, history);
  }

  /** Server-rendered HTML on the page, and what makes it live. */
  async hydrate(source: ProbeSource, options: ProbeOptions): Promise<{ html: string; start(): MountedProbe }> {
    const history: Shown[] = [];
    const log = { rendering: () => {}, committed: (shown: Shown) => void history.push(shown) };
    const { html, start } = await this.#driver.hydrate(source, options, log);
    return { html, start: () => this.#keep(start(), history) };
  }

  #keep(probe: Probe, history: Shown[]): MountedProbe {
    this.#probes.push(probe);
    const shows = (shown: Partial<Shown>) => expect.poll(() => probe.read(), { interval: 5 }).toMatchObject(shown);
    return { ...probe, history, shows };
  }

  clear(): void {
    for (const probe of this.#probes.splice(0)) probe.unmount();
  }
}

/** Waits until everything that was to be shown by now is shown: two frames and what frameworks do after them. */
export async function settled(): Promise<void> {
  for (let frames = 0; frames < 3; frames += 1) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    await new Promise((resolve) => setTimeout(resolve));
  }
}
