import type { Commands, Connections, Subscriber } from "./connections.ts";

/** As much of a client of the package `redis` as the engine uses. */
export interface NodeRedisClient {
  readonly options?: { readonly socket?: object | undefined } | undefined;
  duplicate(overrides: never): unknown;
  sendCommand(args: never): unknown;
}

/** What `duplicate` gives. */
export interface OpenedClient {
  on(event: string, listener: (...given: unknown[]) => void): unknown;
  connect(): Promise<unknown>;
  sendCommand(args: readonly string[], options: { timeout: undefined }): Promise<unknown>;
  subscribe(channels: readonly string[], listener: (text: string, channel: string) => void): Promise<unknown>;
  unsubscribe(channels: readonly string[]): Promise<unknown>;
  destroy(): void;
}

/** The engine sees by itself when nothing is answered: a timer for each command would cost more than the command. */
export const NO_TIMER = { timeout: undefined } as const;

/** A connection like this client's, which neither reconnects nor queues. */
export async function openLike(client: NodeRedisClient, ended: () => void): Promise<OpenedClient> {
  const socket = { ...client.options?.socket, reconnectStrategy: false };
  const opened = client.duplicate({ socket, disableOfflineQueue: true } as never) as OpenedClient;
  for (const event of ["error", "end", "terminated"]) opened.on(event, ended);
  try {
    await opened.connect();
  } catch (error) {
    opened.destroy();
    throw error;
  }
  return opened;
}

/** A subscriber on a connection like this client's. */
export async function subscribeLike(
  client: NodeRedisClient,
  message: (channel: string, text: string) => void,
  ended: () => void,
): Promise<Subscriber> {
  const opened = await openLike(client, ended);
  const listener = (text: string, channel: string) => message(channel, text);
  return {
    subscribe: (channels) => opened.subscribe(channels, listener),
    unsubscribe: (channels) => opened.unsubscribe(channels),
    close: () => opened.destroy(),
  };
}

/** Connections by the official client to one server. */
export function nodeRedis(client: NodeRedisClient): Connections {
  return {
    async commands(ended): Promise<Commands> {
      const opened = await openLike(client, ended);
      return {
        send: (_key, args) => opened.sendCommand(args, NO_TIMER),
        sendToAll: async (args) => [await opened.sendCommand(args, NO_TIMER)],
        close: () => opened.destroy(),
      };
    },
    subscriber: (message, ended) => subscribeLike(client, message, ended),
  };
}
