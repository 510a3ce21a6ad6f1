import type { ChildProcess } from "node:child_process";
import type { Appended, AppendOptions, Awaitable, Engine, Entry, Feed, LogPage } from "@tidewire/server";
import type { Cursor } from "@tidewire/wire";
import { type Deferred, deferred } from "../faults/deferred.ts";

/** What an engine is asked, by name: everything but its feed. */
type Ask = "append" | "read" | "tops" | "lineage" | "forget";

/** What a node says to the process that has the engine. */
type ToEngine =
  | { readonly engine: "ask"; readonly n: number; readonly what: Ask; readonly args: readonly unknown[] }
  | { readonly engine: "want" | "drop"; readonly topic: string };

/** What it hears. */
type ToNode =
  | { readonly engine: "answer"; readonly n: number; readonly value?: unknown; readonly error?: string }
  | { readonly engine: "entry"; readonly topic: string; readonly entry: Entry };

const isOfEngine = <T extends { engine: string }>(message: unknown): message is T =>
  typeof message === "object" && message !== null && "engine" in message;

/** Lets a process that was forked with `serialization: "advanced"` use an engine of this one, until it ends. */
export function shareEngine(engine: Engine, child: ChildProcess): void {
  const say = (message: ToNode): void => void (child.connected && child.send(message, () => {}));
  const feed = engine.feed({ entry: (topic, entry) => say({ engine: "entry", topic, entry }), state() {} });
  child.once("disconnect", () => feed.close());
  const answer = async (what: Ask, args: readonly unknown[]): Promise<unknown> =>
    (engine[what] as (...args: readonly unknown[]) => unknown)(...args);
  child.on("message", (message: unknown) => {
    if (!isOfEngine<ToEngine>(message)) return;
    if (message.engine !== "ask") return feed[message.engine](message.topic);
    const { n, what, args } = message;
    answer(what, args).then(
      (value) => say({ engine: "answer", n, value }),
      (error) => say({ engine: "answer", n, error: String(error) }),
    );
  });
}

/** The engine of the process that started this one. */
export function sharedEngine(): Engine {
  const asked = new Map<number, Deferred<unknown>>();
  const feeds = new Set<Parameters<Engine["feed"]>[0]>();
  let questions = 0;
  const say = (message: ToEngine): void => void process.send?.(message);
  const ask = <T>(what: Ask, ...args: readonly unknown[]): Promise<T> => {
    questions += 1;
    const answer = deferred<unknown>();
    asked.set(questions, answer);
    say({ engine: "ask", n: questions, what, args });
    return answer.promise as Promise<T>;
  };
  process.on("message", (message: unknown) => {
    if (!isOfEngine<ToNode>(message)) return;
    if (message.engine === "entry") {
      for (const events of feeds) events.entry(message.topic, message.entry);
      return;
    }
    const { n, value, error } = message;
    const answer = asked.get(n);
    asked.delete(n);
    if (error === undefined) answer?.resolve(value);
    else answer?.reject(new Error(error));
  });
  return {
    append: (topic: string, payload: string, options: AppendOptions): Awaitable<Appended> =>
      ask("append", topic, payload, options),
    read: (topic: string, after: Cursor | undefined, limit: number): Awaitable<LogPage> =>
      ask("read", topic, after, limit),
    tops: (topics) => ask("tops", topics),
    lineage: () => ask("lineage"),
    forget: (topic) => ask("forget", topic),
    feed(events): Feed {
      feeds.add(events);
      return {
        want: (topic) => say({ engine: "want", topic }),
        drop: (topic) => say({ engine: "drop", topic }),
        close: () => void feeds.delete(events),
      };
    },
    close() {},
  };
}
