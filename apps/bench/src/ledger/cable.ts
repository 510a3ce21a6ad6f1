import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

interface Pair {
  readonly client: Socket;
  readonly upstream: Socket;
  /** Nothing passes any more, and nobody is told. */
  isDead: boolean;
}

/** The network of one client: a TCP proxy on loopback that is spoiled while it runs. */
export class Cable {
  port = 0;
  /** Each piece on its way to the client waits so long. */
  latencyMs = 0;
  /** And arrives at this rate; 0 is no limit. */
  bytesPerSecond = 0;
  readonly #target: number;
  readonly #open = new Set<Pair>();
  #server: Server | undefined;

  constructor(target: number) {
    this.#target = target;
  }

  async accept(): Promise<void> {
    if (this.#server) return;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#join(client));
    this.#server.listen(this.port, "127.0.0.1");
    await once(this.#server, "listening");
    this.port = (this.#server.address() as AddressInfo).port;
  }

  /** The system refuses new connections; open ones go on. */
  refuse(): void {
    this.#server?.close();
    this.#server = undefined;
  }

  /** FIN on both sides. */
  cut(): void {
    for (const { client, upstream } of this.#open) {
      client.end();
      upstream.end();
    }
  }

  /** RST on both sides. */
  reset(): void {
    for (const { client, upstream } of this.#open) {
      client.resetAndDestroy();
      upstream.resetAndDestroy();
    }
  }

  /** FIN to the client alone. */
  halfClose(): void {
    for (const { client } of this.#open) client.end();
  }

  /** Whatever is open now swallows everything from now on, in both ways, and is never closed. New connections are well. */
  die(): void {
    for (const pair of this.#open) pair.isDead = true;
  }

  close(): void {
    this.refuse();
    for (const { client, upstream } of this.#open) {
      client.destroy();
      upstream.destroy();
    }
  }

  #join(client: Socket): void {
    const upstream = connect({ host: "127.0.0.1", port: this.#target, allowHalfOpen: true, noDelay: true });
    const pair: Pair = { client, upstream, isDead: false };
    this.#open.add(pair);
    const leave = (other: Socket) => {
      this.#open.delete(pair);
      if (!pair.isDead) other.destroy();
    };
    client.on("error", () => {}).on("close", () => leave(upstream));
    upstream.on("error", () => {}).on("close", () => leave(client));
    void this.#carry(pair, client, upstream, false);
    void this.#carry(pair, upstream, client, true);
  }

  async #carry(pair: Pair, from: Socket, to: Socket, isDown: boolean): Promise<void> {
    try {
      for await (const chunk of from as AsyncIterable<Buffer>) {
        if (isDown && this.latencyMs > 0) await pause(this.latencyMs);
        if (isDown && this.bytesPerSecond > 0) await pause((chunk.length / this.bytesPerSecond) * 1000);
        if (!pair.isDead && !to.destroyed) to.write(chunk);
      }
      if (!pair.isDead && !to.destroyed) to.end();
    } catch {
      if (!pair.isDead) to.destroy(); // the sender was reset: this way is over
    }
  }
}
