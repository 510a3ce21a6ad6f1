import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Logger,
  Module,
  type OnApplicationBootstrap,
  type OnModuleInit,
  type Provider,
} from "@nestjs/common";
import {
  DiscoveryModule,
  DiscoveryService,
  ExternalContextCreator,
  HttpAdapterHost,
  MetadataScanner,
  ModuleRef,
} from "@nestjs/core";
import { createHub, type Hub } from "@tidewire/server";
import { toNodeHandler } from "@tidewire/server/node";
import { authenticateBy } from "./authenticate.ts";
import { Explorer } from "./explorer.ts";
import { RealtimeHealth } from "./health.ts";
import { mount } from "./mount.ts";
import type { RealtimeAsyncOptions, RealtimeOptions } from "./options.ts";
import { HUB, OPTIONS } from "./tokens.ts";

const DEFAULT_PATH = "/realtime";
const DEFAULT_DRAIN_MS = 10_000;

/**
 * A Tidewire hub in a Nest application: on its server, with its guards, its handlers and its logger, and drained when it
 * shuts down. The hub is a provider of the whole application.
 */
export class RealtimeModule implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #hub: Hub;
  readonly #options: RealtimeOptions;
  readonly #host: HttpAdapterHost;
  readonly #explorer: Explorer;

  constructor(
    hub: Hub,
    options: RealtimeOptions,
    host: HttpAdapterHost,
    discovery: DiscoveryService,
    scanner: MetadataScanner,
    contexts: ExternalContextCreator,
  ) {
    this.#hub = hub;
    this.#options = options;
    this.#host = host;
    this.#explorer = new Explorer(discovery, scanner, contexts);
  }

  /** With options that are known. */
  static forRoot(options: RealtimeOptions = {}): DynamicModule {
    return moduleOf({ provide: OPTIONS, useValue: options });
  }

  /** With options that other providers give. */
  static forRootAsync({ imports = [], inject = [], useFactory }: RealtimeAsyncOptions): DynamicModule {
    return moduleOf({ provide: OPTIONS, inject, useFactory }, imports);
  }

  onModuleInit(): void {
    const server: unknown = this.#host.httpAdapter?.getHttpServer();
    if (!server) return; // A context without a server: the hub still publishes.
    mount(server as Parameters<typeof mount>[0], toNodeHandler(this.#hub, { path: DEFAULT_PATH, ...this.#options }));
  }

  onApplicationBootstrap(): void {
    this.#explorer.connect(this.#hub);
  }

  /** Before the server closes: open streams would keep it from ever being done. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#hub.drain({ deadlineMs: this.#options.drainMs ?? DEFAULT_DRAIN_MS });
  }
}

function moduleOf(options: Provider, imports: NonNullable<DynamicModule["imports"]> = []): DynamicModule {
  const hub: Provider = { provide: HUB, inject: [OPTIONS, ModuleRef], useFactory: hubOf };
  return {
    module: RealtimeModule,
    global: true,
    imports: [DiscoveryModule, ...imports],
    providers: [options, hub, RealtimeHealth],
    exports: [HUB, RealtimeHealth],
  };
}

function hubOf(options: RealtimeOptions, modules: ModuleRef): Hub {
  const logger = new Logger("Tidewire");
  const log = (error: unknown, where: string) =>
    logger.error(
      `${where}: ${error instanceof Error ? error.message : String(error)}`,
      error instanceof Error ? error.stack : undefined,
    );
  return createHub({
    ...options,
    authenticate: options.authenticate ?? authenticateBy(options, modules),
    onError: options.onError ?? log,
  });
}

// As the decorators would say it.
Module({})(RealtimeModule);
for (const [index, token] of [
  HUB,
  OPTIONS,
  HttpAdapterHost,
  DiscoveryService,
  MetadataScanner,
  ExternalContextCreator,
].entries()) {
  Inject(token)(RealtimeModule, undefined, index);
}
