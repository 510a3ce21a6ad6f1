import type { DiscoveryService, ExternalContextCreator, MetadataScanner } from "@nestjs/core";
import type { Hub, Sender, Source } from "@tidewire/server";
import { PARAMETER, PARAMETERS, type Role, roleOf } from "./decorators.ts";
import { asRefusal } from "./refuse.ts";

type Instance = Record<string, (...given: unknown[]) => unknown>;

/** Gives the hub every method of the application that has a role. Gives back how to take them away. */
export class Explorer {
  readonly #discovery: DiscoveryService;
  readonly #scanner: MetadataScanner;
  readonly #contexts: ExternalContextCreator;

  constructor(discovery: DiscoveryService, scanner: MetadataScanner, contexts: ExternalContextCreator) {
    this.#discovery = discovery;
    this.#scanner = scanner;
    this.#contexts = contexts;
  }

  connect(hub: Hub): void {
    const wrappers = [...this.#discovery.getProviders(), ...this.#discovery.getControllers()];
    const instances = new Set(
      wrappers.filter((wrapper) => wrapper.isDependencyTreeStatic()).map(({ instance }) => instance),
    );
    for (const instance of instances) {
      if (typeof instance !== "object" || instance === null) continue;
      for (const name of this.#scanner.getAllMethodNames(Object.getPrototypeOf(instance))) {
        const role = roleOf((instance as Instance)[name] as object);
        if (role) this.#give(hub, role, instance as Instance, name);
      }
    }
  }

  #give(hub: Hub, { kind, name: of }: Role, instance: Instance, name: string): void {
    if (kind === "feed") return void hub.feed(of, instance[name]?.() as Source<unknown>);
    const handle = this.#handler(instance, name);
    if (kind === "call") hub.onCall(of, handle);
    else hub.topic(of).onMessage(async (data, from) => void (await handle(data, from)));
  }

  /** The method with its pipes, guards, interceptors and filters around it. */
  #handler(instance: Instance, name: string): (data: unknown, from: Sender) => Promise<unknown> {
    const exchangeKeyForValue = (what: number, _of: string, [data, from]: unknown[]) =>
      what === PARAMETER.data ? data : from;
    const parameters = { exchangeKeyForValue } as never; // As its own route factories, of which this is all that is used.
    const method = instance[name] as (...given: unknown[]) => unknown;
    const run = this.#contexts.create(
      instance,
      method,
      name,
      PARAMETERS,
      parameters,
      undefined,
      undefined,
      undefined,
      "tidewire",
    );
    return async (data, from) => {
      try {
        return await run(data, from);
      } catch (error) {
        throw asRefusal(error);
      }
    };
  }
}
