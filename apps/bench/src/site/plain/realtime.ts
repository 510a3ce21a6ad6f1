import { realtime } from "@tidewire/core";
import type { Tick } from "../../browser/pace.ts";
import type { Feed } from "../feed.ts";
import { showStream } from "./show-stream.ts";

export const mount = (target: HTMLElement, { url }: Feed): void => showStream(target, realtime<Tick>(url));
