import { injectRealtime } from "@tidewire/angular";
import { folding } from "../feed.ts";
import { mounting } from "./show.ts";

export const mount = mounting((feed) => injectRealtime(feed.url, folding(feed)).value);
