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
export {
  createHub,
  type Hub,
  type HubCore,
  type HubTopic,
  type Published,
  type PublishOptions,
  type TopicOptions,
} from "./hub.ts";
export type { HubHandler, Sender, TopicHandler } from "./inbox.ts";
export type { Form, Gap, GapReason, Line, LineEvents } from "./line.ts";
export { type MemoryOptions, memory } from "./memory.ts";
export type { HubOptions } from "./options.ts";
