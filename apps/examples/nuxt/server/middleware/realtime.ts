import { toNodeHandler } from "@tidewire/server/node";
import { hub } from "../guestbook";

/** Answers below /realtime, before the pages do. Event streams and their POSTs: Nitro keeps upgrades to itself. */
export default fromNodeMiddleware(toNodeHandler(hub, { path: "/realtime" }));
