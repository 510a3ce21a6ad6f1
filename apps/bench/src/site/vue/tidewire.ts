import { useRealtime } from "@tidewire/vue";
import { folding } from "../feed.ts";
import { mounting } from "./show.ts";

export const mount = mounting((feed) => useRealtime(feed.url, folding(feed)).data);
