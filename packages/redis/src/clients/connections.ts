/** Where the engine's scripts run. */
export interface Commands {
  /** Sends one command to the server that has `key`. */
  send(key: string | undefined, args: readonly string[]): Promise<unknown>;
  /** Sends one command to each server that takes writes. */
  sendToAll(args: readonly string[]): Promise<readonly unknown[]>;
  close(): void;
}

/** Where the engine hears what was appended. */
export interface Subscriber {
  subscribe(channels: readonly string[]): Promise<unknown>;
  unsubscribe(channels: readonly string[]): Promise<unknown>;
  close(): void;
}

/** Opens the engine's own connections. They neither reconnect nor queue by themselves: a connection that ended says so, once. */
export interface Connections {
  commands(ended: () => void): Promise<Commands>;
  subscriber(message: (channel: string, text: string) => void, ended: () => void): Promise<Subscriber>;
}
