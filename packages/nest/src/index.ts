export { Data, Feed, From, OnCall, OnTopic } from "./decorators.ts";
export type { GuardedRequest } from "./guarded-request.ts";
export { RealtimeHealth, type RealtimeHealthResult } from "./health.ts";
export { RealtimeModule } from "./module.ts";
export type { RealtimeAsyncOptions, RealtimeOptions } from "./options.ts";
export { InjectHub } from "./tokens.ts";
