import { CloseCode } from "@tidewire/wire";
import type { Principal } from "../access.ts";
import type { HubCore } from "../hub.ts";
import type { Sender } from "../inbox.ts";
import type { Form, Line, LineEvents } from "../line.ts";
import { Reader } from "../log/reader.ts";
import type { Topic } from "../log/topic.ts";
import type { Member } from "../roster.ts";
import { type Budget, takeInbound } from "../session/budget.ts";
import type { PlainRequest, Refusal } from "./request.ts";

/** The topics that a plain request reads, or why there cannot be more of them. */
export function claimTopics(core: HubCore, request: PlainRequest): readonly Topic[] | Refusal {
  const claimed: Topic[] = [];
  try {
    for (const name of request.topics) claimed.push(core.topics.use(name));
    return claimed;
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
}

/** Lets a plain line read its topics, and hands what comes up to the topics' handlers. */
export function openPlainLine(core: HubCore, line: Line, { topics, request, form, from }: PlainOpening): LineEvents {
  const reader = new Reader(core, line, form);
  const member = new PlainMember(line, reader, from);
  let isOpen = true;
  let lastReceived: Promise<void> | undefined;
  core.roster.enter(member, line);

  const begin = () => {
    if (!isOpen) return;
    for (const topic of topics) reader.add(topic, request.cursors.get(topic.name) ?? topic.startAt(request.from));
    reader.pump();
  };
  whenReached(core, topics, request, begin, () => line.close(4512, "the engine is unavailable"));

  return {
    ready: () => reader.ready(),
    received(text) {
      const take = async () => (isOpen && !member.isEnding ? receive(core, request.topics, text, member) : undefined);
      const received = lastReceived === undefined ? take() : lastReceived.then(take);
      lastReceived = received;
      return received.then(() => {
        if (lastReceived === received) lastReceived = undefined;
      });
    },
    closed() {
      if (!isOpen) return;
      isOpen = false;
      core.roster.leave(member);
      reader.close();
      for (const topic of topics) core.topics.release(topic);
    },
  };
}

/** A plain line as the hub knows it. */
class PlainMember implements Member {
  readonly from: Sender;
  readonly budget: Budget = {};
  /** True once the hub closed it: what still comes up is not looked at. */
  isEnding = false;
  readonly #line: Line;
  readonly #reader: Reader;

  constructor(line: Line, reader: Reader, from: Sender) {
    this.#line = line;
    this.#reader = reader;
    this.from = from;
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

  beat(): void {
    this.#line.beat();
  }

  close(code: number, reason: string): void {
    this.isEnding = true;
    this.#line.close(code, reason);
  }
}

function whenReached(
  core: HubCore,
  topics: readonly Topic[],
  request: PlainRequest,
  then: () => void,
  failed: () => void,
): void {
  const reached = topics.map(({ name }) => core.topics.reach(name, request.cursors.get(name)));
  // An engine that answers at once is not waited for: the first bytes leave with the head.
  if (reached.some((topic) => topic instanceof Promise)) Promise.all(reached).then(then, failed);
  else then();
}

async function receive(core: HubCore, topics: readonly string[], text: string, member: PlainMember): Promise<void> {
  if (takeInbound(core, member, member, 1) > 0) return member.close(CloseCode.rateLimited, "too many messages");
  if (text.length > core.settings.maxInboundChars) return member.close(4413, "message too large");
  const message = parseInbound(text, topics);
  if (!message) return member.close(4400, "not a JSON message");
  try {
    const isTaken = await core.inbox.deliver(message.topic, message.data, member.from);
    if (!isTaken) member.close(4403, "this topic takes no messages");
  } catch (error) {
    core.settings.onError(error, `a message to ${message.topic}`);
    member.close(4500, "internal error");
  }
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
