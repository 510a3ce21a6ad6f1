import { assignMetadata, type PipeTransform, type Type } from "@nestjs/common";

/** What a method of a provider or controller does for the hub. */
export interface Role {
  readonly kind: "topic" | "call" | "feed";
  /** The topic, or the method that clients call. */
  readonly name: string;
}

const ROLE = Symbol("what a method does for the Tidewire hub");
/** Where the parameters of handlers keep what they take: where Nest looks for pipes, too. */
export const PARAMETERS = "__routeArguments__";
/** What a parameter takes. Nest knows by these numbers which go through pipes: a body does, a request does not. */
export const PARAMETER = { from: 0, data: 3 } as const;

const as =
  (kind: Role["kind"]) =>
  (name: string): MethodDecorator =>
  (_target, _key, descriptor) => {
    Reflect.defineMetadata(ROLE, { kind, name } satisfies Role, descriptor.value as object);
  };

/** Takes what clients send to a topic. What it throws refuses the message: an HttpException by its words, all else as an accident. */
export const OnTopic: (topic: string) => MethodDecorator = as("topic");

/** Answers what clients `call`. */
export const OnCall: (method: string) => MethodDecorator = as("call");

/** Publishes what the method gives, an Observable or an async iterable, from the start of the application to its end. */
export const Feed: (topic: string) => MethodDecorator = as("feed");

/** What a method does for the hub, if anything. */
export const roleOf = (method: object): Role | undefined => Reflect.getMetadata(ROLE, method) as Role | undefined;

type Pipe = Type<PipeTransform> | PipeTransform;

const taking =
  (what: number, pipes: readonly Pipe[]): ParameterDecorator =>
  (target, key, index) => {
    if (key === undefined) return;
    const before = Reflect.getMetadata(PARAMETERS, target.constructor, key) ?? {};
    const after = assignMetadata(before, what, index, undefined, ...pipes);
    Reflect.defineMetadata(PARAMETERS, after, target.constructor, key);
  };

/** A parameter that takes what the client sent, through pipes. */
export const Data = (...pipes: readonly Pipe[]): ParameterDecorator => taking(PARAMETER.data, pipes);

/** A parameter that takes who sent it: `{ line, transport, principal?, idempotencyKey? }`. */
export const From = (): ParameterDecorator => taking(PARAMETER.from, []);
