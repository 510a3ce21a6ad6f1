import { Inject, Injectable } from "@nestjs/common";
import type { Hub } from "@tidewire/server";
import { HUB } from "./tokens.ts";

/** What a health check hears, in the form that `@nestjs/terminus` takes. */
export type RealtimeHealthResult = Readonly<
  Record<string, { readonly status: "up" | "down"; readonly lines: number; readonly message?: string }>
>;

/**
 * Whether the hub serves: down while it drains, and while its engine cannot be reached.
 *
 * @example
 * health.check([() => realtime.check()]);
 */
export class RealtimeHealth {
  readonly #hub: Hub;

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  async check(key = "realtime"): Promise<RealtimeHealthResult> {
    const { lines, isDraining } = this.#hub.stats();
    if (isDraining) return { [key]: { status: "down", lines, message: "the hub drains" } };
    try {
      await this.#hub.core.settings.engine.lineage();
      return { [key]: { status: "up", lines } };
    } catch {
      return { [key]: { status: "down", lines, message: "the engine cannot be reached" } }; // Why is told to the logger by whoever needs it.
    }
  }
}

// As the decorators would say it.
Injectable()(RealtimeHealth);
Inject(HUB)(RealtimeHealth, undefined, 0);
