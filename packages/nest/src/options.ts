import type { CanActivate, FactoryProvider, ModuleMetadata, Type } from "@nestjs/common";
import type { HubOptions, Principal } from "@tidewire/server";
import type { NodeHandlerOptions } from "@tidewire/server/node";
import type { GuardedRequest } from "./guarded-request.ts";

/** Options of {@link RealtimeModule}: those of the hub and of its Node handler, and who is let in. */
export interface RealtimeOptions extends HubOptions, NodeHandlerOptions {
  /** The path that the hub answers. It is not below a global prefix. Default "/realtime". */
  readonly path?: string | undefined;
  /**
   * Guards that everybody passes before a connection is taken, in this order, in the place of `authenticate`. They see a
   * request with `headers` (a client's token is its `authorization`), `url`, `query` and `method`, and put `user` on it.
   * What they throw refuses; only what is no HttpException is told to the logger.
   */
  readonly guards?: readonly Type<CanActivate>[] | undefined;
  /** Who somebody is for the hub, after the guards. Default: `request.user`, whose `id`, `sub` or `userId` names it, until its `exp`. */
  readonly principal?: ((request: GuardedRequest) => Principal | undefined) | undefined;
  /** How long clients have to go elsewhere when the application shuts down, in milliseconds. Default 10 000. */
  readonly drainMs?: number | undefined;
}

/** Options of `RealtimeModule.forRootAsync`. */
export interface RealtimeAsyncOptions
  extends Pick<ModuleMetadata, "imports">,
    Pick<FactoryProvider<RealtimeOptions>, "inject" | "useFactory"> {}
