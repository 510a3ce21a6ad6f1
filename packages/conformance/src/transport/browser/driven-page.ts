import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { text } from "node:stream/consumers";
import { type Engine, openEngine } from "../../../../../.ci/engine.ts";

/** A page in an engine that nobody drives from outside: it asks for what it is to do. */
export interface DrivenPage extends AsyncDisposable {
  /** Runs a function in the page, which sees nothing but its argument. */
  evaluate<A, R>(run: (argument: A) => R | Promise<R>, argument: A): Promise<R>;
}

interface Task {
  readonly code: string;
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** Runs in the page. */
async function obey(): Promise<void> {
  for (;;) {
    const code = await (await fetch("/driven/next")).text();
    const outcome: { value?: unknown; error?: string } = {};
    try {
      outcome.value = await Reflect.get(globalThis, "eval")(code);
    } catch (error) {
      outcome.error = String(error);
    }
    await fetch("/driven/done", { method: "POST", body: JSON.stringify(outcome) });
  }
}

/** Opens a page whose every other address is answered by `upstream`, so that it may look into frames of it. */
export async function openDrivenPage(engine: Engine, upstream: string): Promise<DrivenPage> {
  const tasks: Task[] = [];
  let current: Task | undefined;
  let asking: ServerResponse | undefined;
  const hand = () => {
    if (asking === undefined || tasks.length === 0) return;
    current = tasks.shift();
    asking.end(current?.code);
    asking = undefined;
  };
  const settle = async (asked: IncomingMessage) => {
    const { value, error } = JSON.parse(await text(asked)) as { value?: unknown; error?: string };
    if (error === undefined) current?.resolve(value as never);
    else current?.reject(new Error(`${engine}: ${error}`));
  };
  const server = createServer((asked, answer) => {
    if (asked.url === "/driven") answer.end(`<!doctype html><title>driven</title><script>(${obey})()</script>`);
    else if (asked.url === "/driven/next") {
      asking = answer;
      hand();
    } else if (asked.url === "/driven/done") void settle(asked).then(() => answer.end());
    else pass(upstream, asked, answer);
  });
  server.on("upgrade", (asked: IncomingMessage, socket, head) => {
    const { hostname, port } = new URL(upstream);
    const line = connect(Number(port), hostname);
    const headers = Array.from({ length: asked.rawHeaders.length / 2 }, (_, i) =>
      asked.rawHeaders.slice(2 * i, 2 * i + 2).join(": "),
    );
    line.write([`GET ${asked.url} HTTP/1.1`, ...headers, "", ""].join("\r\n"));
    line.write(head);
    line.pipe(socket).pipe(line);
    line.on("error", () => socket.destroy()).on("close", () => socket.destroy());
    socket.on("error", () => line.destroy()).on("close", () => line.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  const browser = openEngine(engine, `http://localhost:${(server.address() as AddressInfo).port}/driven`);
  return {
    evaluate: (run, argument) =>
      new Promise((resolve, reject) => {
        tasks.push({ code: `(${run})(${JSON.stringify(argument)})`, resolve, reject });
        hand();
      }),
    async [Symbol.asyncDispose]() {
      await browser[Symbol.asyncDispose]();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Passes a request on, and the answer back, without what forbids a frame; what breaks on one side breaks on the other. */
function pass(upstream: string, asked: IncomingMessage, answer: ServerResponse): void {
  const { method, headers } = asked;
  const onward = request(new URL(asked.url ?? "/", upstream), { method: method ?? "GET", headers }, (got) => {
    const { "content-security-policy": _frames, ...rest } = got.headers;
    answer.writeHead(got.statusCode ?? 502, rest);
    answer.flushHeaders();
    got.pipe(answer);
    got.on("close", () => got.complete || answer.destroy());
  });
  onward.on("error", () => answer.destroy());
  answer.on("close", () => onward.destroy());
  asked.pipe(onward);
}
