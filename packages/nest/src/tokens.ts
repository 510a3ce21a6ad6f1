import { Inject } from "@nestjs/common";

/** The token of the hub. */
export const HUB: unique symbol = Symbol("the Tidewire hub");
/** The token of the module's options. */
export const OPTIONS: unique symbol = Symbol("the options of the Tidewire hub");

/**
 * Injects the hub.
 *
 * @example
 * constructor(@InjectHub() private readonly hub: Hub) {}
 */
export const InjectHub = (): ParameterDecorator & PropertyDecorator => Inject(HUB);
