import { CloseCode, isRefusal } from "@tidewire/wire";
import type { Principal } from "../access.ts";
import type { Awaitable } from "../engine.ts";
import { hasExpired } from "../expiry.ts";
import type { HubCore } from "../hub.ts";
import type { Sender } from "../inbox.ts";
import type { Form, Line, LineEvents } from "../line.ts";
import { Reader } from "../log/reader.ts";
import type { ReaderGuard } from "../log/reader-host.ts";
import type { Topic } from "../log/topic.ts";
import type { Member } from "../roster.ts";
import type { Budget } from "../session/allowance.ts";
import { takeInbound, takeReplay } from "../session/budget.ts";
import { followedBy } from "../settled.ts";
import type { PlainRequest, Refusal } from "./request.ts";

/** The topics that a plain request reads, or why there cannot be more of them. */
export function claimTopics(core: HubCore, request: PlainRequest): readonly Topic[] | Refusal {
  const claimed: Topic[] = [];
  try {
    for (const name of request.topics) claimed.push(core.topics.use(name));
    return claimed.slice(); // Without the room for more that pushing made: the line keeps it.
  } catch (error) {
    for (const topic of claimed) core.topics.release(topic);
    core.settings.onError(error, "opening a line");
    return { status: 503, message: "There are too many topics." };
  }
}

/** What a plain line is opened with. */
export interface PlainOpening {
  readonly topics: readonly Topic[];
  readonly request: PlainRequest;
  readonly form: Form;
  readonly from: Sender;
  /** Where it came from, as far as that is known. */
  readonly address?: string | undefined;
}

/** Lets a plain line read its topics, and hands what comes up to the topics' handlers. */
export function openPlainLine(core: HubCore, line: Line, { request, ...opening }: PlainOpening): LineEvents {
  const { topics } = opening;
  const plain = new PlainLine(core, line, opening);
  core.roster.enter(plain, line);
  const reaching = reach(core, topics, request);
  // An engine that answers at once is not waited for: the first bytes leave with the head.
  if (reaching === undefined) plain.begin(request);
  else {
    reaching.then(
      () => plain.begin(request),
      () => line.close(4512, "the engine is unavailable"),
    );
  }
  return plain;
}

/** One plain line: reads its topics, and does what comes up. */
class PlainLine implements LineEvents, Member, ReaderGuard, Pick<Budget, "inbound"> {
  readonly from: Sender;
  readonly address: string | undefined;
  inbound: Budget["inbound"];
  readonly #core: HubCore;
  readonly #line: Line;
  readonly #topics: readonly Topic[];
  readonly #reader: Reader;
  #isOpen = true;
  /** True once the hub closed it: what still comes up is not looked at. */
  #isEnding = false;
  #lastReceived: Promise<void> | undefined;

  constructor(core: HubCore, line: Line, { topics, form, from, address }: Omit<PlainOpening, "request">) {
    this.from = from;
    this.address = address;
    this.#core = core;
    this.#line = line;
    this.#topics = topics;
    this.#reader = new Reader(core, line, form, core.access.isOpen ? undefined : this);
  }

  get transport(): string {
    return this.from.transport;
  }

  get principal(): Principal | undefined {
    return this.from.principal;
  }

  get lag(): number {
    return this.#reader.lag;
  }

  begin({ cursors, from }: PlainRequest): void {
    if (!this.#isOpen) return;
    const budget: Pick<Budget, "replay"> = { replay: undefined };
    for (const topic of this.#topics) {
      const cursor = cursors.get(topic.name) ?? topic.startAt(from);
      this.#reader.add(topic, cursor, !takeReplay(this.#core, budget, this, topic, cursor, Infinity));
      this.#core.roster.joined(this, topic.name);
    }
    this.#reader.sayPlace();
    this.#reader.pump();
  }

  mayDeliver(): boolean {
    return !hasExpired(this.principal, this.#core.settings.now);
  }

  mayReplay(topic: Topic): Awaitable<boolean> {
    return followedBy(this.#core.access.may(this.principal, topic.name, "subscribe"), (mayRead) => {
      if (!mayRead && this.#isOpen) {
        if (this.#reader.remove(topic)) this.#core.roster.left(this, topic.name);
        this.close(CloseCode.forbidden, "you may no longer read this topic");
      }
      return mayRead;
    });
  }

  beat(): void {
    if (!this.mayDeliver()) return this.close(CloseCode.tokenExpired, "the credentials have ended"); // a clock that jumped
    this.#line.beat();
  }

  close(code: number, reason: string): void {
    this.#isEnding = true;
    this.#line.close(code, reason);
  }

  ready(): void {
    this.#reader.ready();
  }

  received(text: string): Promise<void> {
    const last = this.#lastReceived;
    const received = last === undefined ? this.#receive(text) : last.then(() => this.#receive(text));
    this.#lastReceived = received;
    return received.then(() => {
      if (this.#lastReceived === received) this.#lastReceived = undefined;
    });
  }

  closed(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const { name } of this.#reader.topics) this.#core.roster.left(this, name);
    this.#core.roster.leave(this);
    this.#reader.close();
    for (const topic of this.#topics) this.#core.topics.release(topic);
  }

  async #receive(text: string): Promise<void> {
    if (!this.#isOpen || this.#isEnding || !this.mayDeliver()) return;
    const { inbox, settings } = this.#core;
    if (takeInbound(this.#core, this, this, 1) > 0) return this.close(CloseCode.rateLimited, "too many messages");
    if (text.length > settings.maxInboundChars) return this.close(4413, "message too large");
    const message = parseInbound(
      text,
      this.#topics.map(({ name }) => name),
    );
    if (!message) return this.close(4400, "not a JSON message");
    try {
      const isTaken = await inbox.deliver(message.topic, message.data, this.from);
      if (!isTaken) this.close(4403, "this topic takes no messages");
    } catch (error) {
      if (isRefusal(error)) return this.close(error.detail.closeCode, error.message);
      settings.onError(error, `a message to ${message.topic}`);
      this.close(4500, "internal error");
    }
  }
}

/** What there is to wait for until the topics stand as the engine has them. */
function reach(core: HubCore, topics: readonly Topic[], { cursors }: PlainRequest): Promise<unknown> | undefined {
  const reached = topics.map(({ name }) => core.topics.reach(name, cursors.get(name)));
  return reached.some((topic) => topic instanceof Promise) ? Promise.all(reached) : undefined;
}

/** One topic: the message is the data. Several: `{topic, data}`. Undefined for anything else. */
function parseInbound(text: string, topics: readonly string[]): { topic: string; data: unknown } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined; // The line is told with 4400.
  }
  const [only] = topics;
  if (topics.length === 1 && only !== undefined) return { topic: only, data: value };
  if (typeof value !== "object" || value === null) return undefined;
  const { topic, data } = value as { topic?: unknown; data?: unknown };
  return typeof topic === "string" && topics.includes(topic) && data !== undefined ? { topic, data } : undefined;
}
