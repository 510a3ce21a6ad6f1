import { formatCursor } from "@tidewire/wire";
import type { LogPage } from "../engine.ts";
import type { Topic, TopicReader } from "./topic.ts";

/** So many messages are short together, as a rule. */
const FEW = 16;

/** What a place tells its reader. */
export interface PlaceOwner {
  /** The topic has something new. */
  woken(place: Place): void;
}

/** Where one reader stands in one topic. */
export class Place implements TopicReader {
  readonly topic: Topic;
  readonly #owner: PlaceOwner;
  e: number;
  o: number;
  /** True once it stood at the top: history lost after that was lost to slowness. */
  isLive = false;
  /** True where more was asked for than may be replayed: it goes on at the top. */
  isLimited = false;
  /** False where it has to be asked whether the next page of history may be read. */
  isAllowed = true;
  /** True while there is something that was not read. */
  isPending = false;
  /** True while the engine is asked for what this node's ring no longer has. */
  isAsking = false;
  /** What the engine answered, until it is written. */
  found: LogPage | undefined = undefined;
  /** True once the topic is no longer read. */
  isOver = false;

  constructor(owner: PlaceOwner, topic: Topic, e: number, o: number) {
    this.#owner = owner;
    this.topic = topic;
    this.e = e;
    this.o = o;
  }

  /** True when what was not read may be long. */
  get hasMuch(): boolean {
    return this.isPending && this.topic.log.top - this.o > FEW;
  }

  wake(): void {
    this.#owner.woken(this);
  }
}

/** Where a reader stands in all its topics as text, optionally with one topic at another offset. */
export function vectorOf(places: readonly Place[], moved?: Topic, o = 0): string {
  let text = "";
  for (const place of places) {
    const cursor = place.topic === moved ? { e: place.e, o } : place;
    text += (text === "" ? "" : ",") + formatCursor(place.topic.name, cursor);
  }
  return text;
}
