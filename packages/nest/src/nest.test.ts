import "reflect-metadata";
import { once } from "node:events";
import {
  BadRequestException,
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  HttpException,
  type INestApplication,
  Injectable,
  Logger,
  Module,
  type NestInterceptor,
  ParseIntPipe,
  type Type,
  UnauthorizedException,
  UseGuards,
  UseInterceptors,
} from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { ExpressAdapter } from "@nestjs/platform-express";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import { type Client, createClient, isRefusal, overSse, overWebSocket } from "@tidewire/core";
import type { Hub, Sender } from "@tidewire/server";
import { map, type Observable, Subject } from "rxjs";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import {
  Data,
  Feed,
  From,
  InjectHub,
  OnCall,
  OnTopic,
  RealtimeHealth,
  RealtimeModule,
  type RealtimeOptions,
} from "./index.ts";
import { HUB } from "./tokens.ts";

const TOKENS = new Map([
  ["t-ann", "ann"],
  ["t-bob", "bob"],
]);

/** As applications write them: looks at a header, and puts a user on the request. */
@Injectable()
class TokenGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest();
    const token = request.headers.authorization?.replace("Bearer ", "");
    if (token === "broken") throw new Error("the guard broke");
    const sub = TOKENS.get(token);
    if (!sub) throw new UnauthorizedException();
    request.user = { sub, exp: Math.floor(Date.now() / 1000) + 60 };
    return true;
  }
}

@Injectable()
class NobodyGuard implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

class Doubling implements NestInterceptor {
  intercept(_context: ExecutionContext, next: { handle(): Observable<number> }): Observable<number> {
    return next.handle().pipe(map((n) => n * 2));
  }
}

let prices = new Subject<number>();

@Injectable()
class Desk {
  readonly #hub: Hub;
  readonly got: [unknown, string | undefined][] = [];
  constructor(@InjectHub() hub: Hub) {
    this.#hub = hub;
  }

  @OnTopic("orders")
  async order(@Data(ParseIntPipe) amount: number, @From() from: Sender): Promise<void> {
    if (amount > 100) throw new BadRequestException(["amount is more than 100", "ask somebody"]);
    this.got.push([amount, from.principal?.id]);
    await this.#hub.publish("done", amount, { idempotencyKey: from.idempotencyKey });
  }

  @OnCall("half")
  @UseInterceptors(Doubling)
  half(n: number): number {
    return n / 4;
  }

  @OnCall("guarded")
  @UseGuards(NobodyGuard)
  guarded(): number {
    return 1;
  }

  @OnCall("accident")
  accident(): never {
    throw new Error("a secret of the server");
  }

  @OnCall("teapot")
  teapot(): never {
    throw new HttpException("short and stout", 418);
  }

  @Feed("prices")
  prices(): Observable<number> {
    return prices;
  }
}

const adapters = [
  ["Express", () => new ExpressAdapter()],
  ["Fastify", () => new FastifyAdapter()],
] as const;

describe.each(adapters)("a hub in a Nest application on %s", (_name, adapter) => {
  const errors: string[] = [];
  beforeEach(() => {
    errors.length = 0;
    prices = new Subject();
    vi.spyOn(Logger.prototype, "error").mockImplementation((...words: unknown[]) => void errors.push(words.join(" ")));
    vi.spyOn(Logger, "error").mockImplementation((...words: unknown[]) => void errors.push(words.join(" ")));
  });
  afterEach(() => vi.restoreAllMocks());

  async function start(options: RealtimeOptions = {}, root?: Type<unknown>) {
    @Module({ imports: [RealtimeModule.forRoot({ drainMs: 500, ...options })], providers: [Desk, TokenGuard] })
    class App {}
    const app: INestApplication = await NestFactory.create(root ?? App, adapter() as never, {
      logger: false,
      // Node's fetch opens spare connections that never ask anything, and a server that closes waits for those.
      forceCloseConnections: true,
    });
    await app.listen(0, "127.0.0.1");
    let isClosed = false;
    const close = async () => {
      if (isClosed) return;
      isClosed = true;
      await app.close();
    };
    onTestFinished(close);
    const url = `${await app.getUrl()}/realtime`;
    const connect = (token?: string, transport = overWebSocket as typeof overWebSocket | typeof overSse): Client => {
      const client = createClient({ url, transport, ...(token === undefined ? {} : { auth: () => token }) });
      onTestFinished(() => client.close());
      return client;
    };
    return { app, hub: app.get<Hub>(HUB), url, connect, close, desk: root ? undefined : app.get(Desk) };
  }

  test.each([overWebSocket, overSse])("hands messages through pipes, and refuses by their words", async (transport) => {
    const { connect, desk } = await start({ guards: [TokenGuard] });
    const orders = connect("t-ann", transport).topic<never, unknown>("orders");
    await orders.send("42");
    expect(desk?.got).toEqual([[42, "ann"]]);
    const tooMuch = await orders.send(500).catch((error: unknown) => error);
    expect(isRefusal(tooMuch, "bad-request") && tooMuch.message).toBe("amount is more than 100; ask somebody");
    await expect(orders.send("much")).rejects.toSatisfy((error) => isRefusal(error, "bad-request"));
    expect(errors).toEqual([]);
  });

  test("answers calls through interceptors, guards and filters", async () => {
    const { connect } = await start();
    const client = connect();
    await expect(client.call("half", 42)).resolves.toBe(21);
    await expect(client.call("guarded")).rejects.toSatisfy((error) => isRefusal(error, "forbidden"));
    await expect(client.call("teapot")).rejects.toMatchObject({ message: "short and stout", code: "refused" });
    await expect(client.call("accident")).rejects.not.toThrow(/secret/);
    expect(errors.join()).toContain("a secret of the server");
  });

  test("lets in whom the guards let in, over every kind of connection, until the token ends", async () => {
    const { url, connect, hub } = await start({ guards: [TokenGuard] });
    const authorization = "Bearer t-bob";
    expect((await fetch(`${url}?topic=a`)).status).toBe(401);
    const controller = new AbortController();
    const plain = await fetch(`${url}?topic=a`, { headers: { authorization }, signal: controller.signal });
    expect(plain.status).toBe(200);
    controller.abort();
    const refused = connect("t-eve").topic("a");
    refused.subscribe({ error() {} });
    await expect.poll(() => refused.status.status).toBe("failed");
    const ann = connect("t-ann").topic("a");
    ann.subscribe();
    await expect.poll(() => ann.status.status).toBe("open");
    const readers = [...hub.core.roster].map(({ principal }) => principal);
    expect(readers.map((principal) => principal?.id)).toContain("ann");
    expect(readers.every((principal) => (principal?.expiresAt ?? 0) > Date.now())).toBe(true);
    expect((await fetch(`${url}?topic=a`, { headers: { authorization: "Bearer broken" } })).status).toBe(500);
    expect(errors.join()).toContain("the guard broke");
  });

  test("publishes what a method gives; one that fails is told to the logger, and the process lives", async () => {
    const { connect, url } = await start();
    const got: number[] = [];
    const topic = connect().topic<number>("prices", { from: "earliest" });
    topic.subscribe((price) => got.push(price));
    await expect.poll(() => topic.status.status).toBe("open");
    prices.next(1);
    prices.next(2);
    await expect.poll(() => got).toEqual([1, 2]);
    prices.error(new Error("the exchange is closed"));
    await expect.poll(() => errors.join()).toContain("the exchange is closed");
    expect((await fetch(`${url}?topic=`)).status).toBe(400); // it still serves
  });

  test("keeps history, and a plain EventSource resumes behind its last id", async () => {
    const { hub, url } = await start();
    for (const n of [1, 2, 3]) await hub.publish("a", n);
    const read = async (headers: Record<string, string>) => {
      const controller = new AbortController();
      const response = await fetch(`${url}?topic=a&from=earliest`, { headers, signal: controller.signal });
      let text = "";
      const decoder = new TextDecoder();
      for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
        text += decoder.decode(chunk, { stream: true });
        if (text.includes("data: 3")) break;
      }
      controller.abort();
      return text;
    };
    const whole = await read({});
    expect(whole.match(/^data: \d$/gm)).toEqual(["data: 1", "data: 2", "data: 3"]);
    const id = /id: (.*)\ndata: 1/.exec(whole)?.[1] ?? "";
    expect((await read({ "last-event-id": id })).match(/^data: \d$/gm)).toEqual(["data: 2", "data: 3"]);
  });

  test("shuts down with open streams: they are sent elsewhere, and the server is done", async () => {
    const { app, url, close, connect } = await start();
    const topic = connect().topic("a");
    topic.subscribe({ error() {} });
    await expect.poll(() => topic.status.status).toBe("open");
    const plain = await fetch(`${url}?topic=a`);
    const gone = once(app.getHttpServer(), "close");
    await close();
    await gone;
    await expect(plain.text()).resolves.toContain("tidewire");
  });

  test("says how it is to a health check", async () => {
    const { app, close } = await start();
    const health = app.get(RealtimeHealth);
    expect(await health.check()).toEqual({ realtime: { status: "up", lines: 0 } });
    await close();
    expect(await health.check("hub")).toMatchObject({ hub: { status: "down" } });
  });

  test("takes options from other providers, and leaves all other paths and upgrades alone", async () => {
    @Injectable()
    class Config {
      readonly path = "/live";
    }
    @Module({ providers: [Config], exports: [Config] })
    class ConfigModule {}
    @Module({
      imports: [
        RealtimeModule.forRootAsync({
          imports: [ConfigModule],
          inject: [Config],
          useFactory: ({ path }: Config) => ({ path, drainMs: 100 }),
        }),
      ],
    })
    class App {}
    const { url } = await start({}, App);
    expect((await fetch(url)).status).toBe(404);
    expect((await fetch(url.replace("/realtime", "/live?topic="))).status).toBe(400);
    const socket = new WebSocket(url.replace("http", "ws"));
    await once(socket as never, "error").catch(() => {});
    expect(socket.readyState).not.toBe(WebSocket.OPEN);
  });

  test("a guard's ForbiddenException is a no, too", async () => {
    @Injectable()
    class Closed implements CanActivate {
      canActivate(): boolean {
        throw new ForbiddenException();
      }
    }
    const { url } = await start({ guards: [Closed] });
    expect((await fetch(`${url}?topic=a`)).status).toBe(401);
    expect(errors).toEqual([]);
  });
});
