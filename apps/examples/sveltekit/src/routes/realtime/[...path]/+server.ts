import { toFetchHandler } from "@tidewire/server/fetch";
import { hub } from "../../../server/guestbook.ts";
import type { RequestHandler } from "./$types";

const realtime = toFetchHandler(hub, { path: "/realtime" });

/** Every method: event streams, and the POSTs beside them. */
export const fallback: RequestHandler = ({ request }) => realtime(request);
