import { byHand } from "../by-hand.ts";
import type { Feed } from "../feed.ts";
import { showing } from "./show.ts";

export const mount = (target: HTMLElement, feed: Feed): void => void byHand(feed, showing(target));
