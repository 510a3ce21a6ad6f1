export { isRefusal, type Refusal, refusal } from "@tidewire/wire";
export type { Authenticate, Authorize, Principal, RequestFacts, TopicAction } from "./access.ts";
export type { DrainOptions } from "./drain.ts";
export type {
  Appended,
  AppendOptions,
  Awaitable,
  Engine,
  Entry,
  Feed,
  FeedEvents,
  LogPage,
  Retention,
} from "./engine.ts";
export type { Counters, HubEvent } from "./events.ts";
export type { Feeding, Source, Subscribable } from "./feed.ts";
export {
  createHub,
  type Hub,
  type HubCore,
  type HubStats,
  type HubTopic,
  type Published,
  type PublishOptions,
  type TopicOptions,
} from "./hub.ts";
export type { CallHandler, HubHandler, Sender, TopicHandler } from "./inbox.ts";
export type { Form, Gap, GapReason, Line, LineEvents, TopicName } from "./line.ts";
export type { TopicState } from "./log/fold.ts";
export type { SlowPolicy } from "./log/policy.ts";
export type { StateAt } from "./log/state.ts";
export { type MemoryOptions, memory } from "./memory.ts";
export type { HubOptions } from "./options.ts";
export { Doorway } from "./session/doorway.ts";
export { tidewireForm } from "./session/tidewire-form.ts";
