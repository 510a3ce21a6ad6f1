import { afterEach, beforeEach, describe, vi } from "vitest";
import type { BindingDriver } from "./driver.ts";
import { Stage } from "./mounted.ts";
import { callbackScenarios } from "./scenarios/callbacks.ts";
import { hydrationScenarios } from "./scenarios/hydration.ts";
import { lifeScenarios } from "./scenarios/life.ts";
import { paceScenarios } from "./scenarios/pace.ts";
import { screenScenarios } from "./scenarios/screen.ts";
import { sharingScenarios } from "./scenarios/sharing.ts";
import { sourceScenarios } from "./scenarios/sources.ts";

export {
  type BindingDriver,
  type Hydration,
  type Probe,
  type ProbeLog,
  type ProbeOptions,
  type ProbeSource,
  parse,
  print,
} from "./driver.ts";
export { type Framework, pageDriver, type Script, type Strings } from "./page-driver.ts";
export { type ScriptedClient, scriptedClient } from "./scripted-client.ts";
export { type ScriptedEndpoint, scriptedEndpoint } from "./scripted-endpoint.ts";
export { ScriptedSocket } from "./scripted-socket.ts";
export { type ScriptedSource, scriptedSource } from "./scripted-source.ts";

/** What every binding does, written once. The keys in brackets are stable: reports and changelogs name them. */
export function runBindingSuite(driver: BindingDriver): void {
  describe(driver.name, () => {
    const stage = new Stage(driver);
    const reported: unknown[] = [];
    beforeEach(() => {
      reported.length = 0;
      captureReports(reported);
    });
    afterEach(() => {
      stage.clear();
      vi.unstubAllGlobals();
      vi.restoreAllMocks();
    });
    screenScenarios(stage);
    sharingScenarios(stage);
    lifeScenarios(stage);
    sourceScenarios(stage);
    callbackScenarios(stage, reported);
    paceScenarios(stage);
    hydrationScenarios(stage);
  });
}

/** What a user's function throws is thrown again in a microtask, for `window.onerror`: here it is collected instead. */
function captureReports(reported: unknown[]): void {
  const real = globalThis.queueMicrotask.bind(globalThis);
  vi.stubGlobal("queueMicrotask", (task: () => void) =>
    real(() => {
      try {
        task();
      } catch (error) {
        reported.push(error);
      }
    }),
  );
}
