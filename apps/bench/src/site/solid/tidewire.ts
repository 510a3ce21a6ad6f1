import { createRealtime } from "@tidewire/solid";
import { folding } from "../feed.ts";
import { mounting } from "./show.ts";

export const mount = mounting((feed) => createRealtime(feed.url, folding(feed)));
