import type { Connections } from "./connections.ts";

/** As much of an `ioredis` instance as the engine uses. */
export interface IoredisClient {
  duplicate(overrides: never): unknown;
  call(command: string, ...args: never[]): unknown;
}

interface OpenedIoredis {
  on(event: string, listener: (...given: string[]) => void): unknown;
  connect(): Promise<unknown>;
  call(command: string, ...args: string[]): Promise<unknown>;
  subscribe(...channels: string[]): Promise<unknown>;
  unsubscribe(...channels: string[]): Promise<unknown>;
  disconnect(): void;
}

async function openLike(client: IoredisClient, ended: () => void): Promise<OpenedIoredis> {
  const overrides = {
    lazyConnect: true,
    retryStrategy: null,
    reconnectOnError: null,
    enableOfflineQueue: false,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
  };
  const opened = client.duplicate(overrides as never) as OpenedIoredis;
  let why: unknown;
  opened.on("error", (error) => {
    why = error;
  });
  for (const event of ["close", "end"]) opened.on(event, ended);
  try {
    await opened.connect();
  } catch (error) {
    opened.disconnect();
    throw why ?? error;
  }
  return opened;
}

/** Connections by `ioredis` to one server. */
export function ioredis(client: IoredisClient): Connections {
  return {
    async commands(ended) {
      const opened = await openLike(client, ended);
      const send = ([command = "", ...args]: readonly string[]) => opened.call(command, ...args);
      return {
        send: (_key, args) => send(args),
        sendToAll: async (args) => [await send(args)],
        close: () => opened.disconnect(),
      };
    },
    async subscriber(message, ended) {
      const opened = await openLike(client, ended);
      opened.on("message", (channel = "", text = "") => message(channel, text));
      return {
        subscribe: (channels) => opened.subscribe(...channels),
        unsubscribe: (channels) => opened.unsubscribe(...channels),
        close: () => opened.disconnect(),
      };
    },
  };
}
