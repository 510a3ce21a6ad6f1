/** Who sent a message up a line. */
export interface Sender {
  /** Names the line, as long as it lives. It is no credential. */
  readonly line: string;
  /** The kind of line: "websocket". */
  readonly transport: string;
}

/** Takes what comes up a topic. What it throws, or what its promise rejects with, closes the line with 4500. */
export type TopicHandler<T = unknown> = (data: T, from: Sender) => void | Promise<void>;

/** Takes what comes up any topic. */
export type HubHandler = (topic: string, data: unknown, from: Sender) => void | Promise<void>;

/** Hands inbound messages to the user's code. A topic without a handler takes none. */
export interface Inbox {
  onTopic(topic: string, handler: TopicHandler): () => void;
  onAny(handler: HubHandler): () => void;
  /** False when nobody takes messages of this topic. MAY throw or reject with what a handler threw. */
  deliver(topic: string, data: unknown, from: Sender): Promise<boolean>;
}

/** Makes an empty inbox. */
export function createInbox(): Inbox {
  const any = new Set<HubHandler>();
  const byTopic = new Map<string, Set<TopicHandler>>();

  return {
    onTopic(topic, handler) {
      const own: TopicHandler = (data, from) => handler(data, from);
      const handlers = byTopic.get(topic) ?? new Set();
      byTopic.set(topic, handlers.add(own));
      return () => {
        handlers.delete(own);
        if (handlers.size === 0 && byTopic.get(topic) === handlers) byTopic.delete(topic);
      };
    },
    onAny(handler) {
      const own: HubHandler = (topic, data, from) => handler(topic, data, from);
      any.add(own);
      return () => void any.delete(own);
    },
    async deliver(topic, data, from) {
      const handlers = byTopic.get(topic);
      if (!handlers && any.size === 0) return false;
      const running = [...(handlers ?? [])].map(async (handler) => handler(data, from));
      for (const handler of any) running.push((async () => handler(topic, data, from))());
      await Promise.all(running);
      return true;
    },
  };
}
