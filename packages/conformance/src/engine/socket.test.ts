import { memory } from "@tidewire/server";
import { connectEngine } from "../hub/connect-engine.ts";
import { type ServedEngine, serveEngine } from "../hub/serve-engine.ts";
import { runEngineSuite } from "./suite.ts";

let served: ServedEngine;

/** What tests of several processes build on keeps the contract too. */
runEngineSuite({
  name: "memory in another process",
  async start() {
    served = await serveEngine(memory());
    return connectEngine(served.port);
  },
  stop: () => served[Symbol.dispose](),
});
