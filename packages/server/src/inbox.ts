import { optionInvalid } from "@tidewire/wire";
import type { Principal } from "./access.ts";

/** Who sent a message up a line. */
export interface Sender {
  /** Names the line, as long as it lives. It is no credential. */
  readonly line: string;
  /** The kind of line: "websocket", "sse", "poll". */
  readonly transport: string;
  /** What `authenticate` gave. */
  readonly principal?: Principal | undefined;
  /** The same when a Tidewire client sends a message again: hand it to `publish`, and the message is appended once. */
  readonly idempotencyKey?: string | undefined;
}

/**
 * Takes what comes up a topic. To refuse a message, throw `refusal(reason, message)`: the `send` of a Tidewire client rejects
 * with it, a plain WebSocket is closed with 4422. Whatever else it throws is told to `onError`, and to the sender as 4500.
 */
export type TopicHandler<T = unknown> = (data: T, from: Sender) => void | Promise<void>;

/** Takes what comes up any topic. */
export type HubHandler = (topic: string, data: unknown, from: Sender) => void | Promise<void>;

/**
 * Answers a call. To refuse it, throw `refusal(reason, message)`: the caller's promise rejects with it. Whatever else it
 * throws is told to `onError`; the caller hears of an internal error.
 */
export type CallHandler<T = unknown, Result = unknown> = (data: T, from: Sender) => Result | Promise<Result>;

/** Hands inbound messages to the user's code. A topic without a handler takes none. */
export interface Inbox {
  onTopic(topic: string, handler: TopicHandler): () => void;
  onAny(handler: HubHandler): () => void;
  /** False when nobody takes messages of this topic. MAY throw or reject with what a handler threw. */
  deliver(topic: string, data: unknown, from: Sender): Promise<boolean>;
  /** Throws `option-invalid` when the method is answered already. */
  onCall(method: string, handler: CallHandler): () => void;
  /** Undefined when nobody answers this method. MAY reject with what the handler threw. */
  answer(method: string, data: unknown, from: Sender): Promise<{ readonly value: unknown } | undefined>;
}

/** Makes an empty inbox. */
export function createInbox(): Inbox {
  const any = new Set<HubHandler>();
  const methods = new Map<string, CallHandler>();
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
    onCall(method, handler) {
      if (methods.has(method)) throw optionInvalid(`The method ${method} is answered already: stop the first handler.`);
      methods.set(method, handler);
      return () => {
        if (methods.get(method) === handler) methods.delete(method);
      };
    },
    async answer(method, data, from) {
      const handler = methods.get(method);
      return handler && { value: await handler(data, from) };
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
