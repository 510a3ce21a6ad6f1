import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";

/** A handler of the Fetch standard as a listener of Node's server: nothing between the two but this. */
export function toListener(handler: (request: Request) => Promise<Response>) {
  return async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const { method = "GET", headers } = message;
    const answer = await handler(
      new Request(`http://${headers.host}${message.url}`, {
        method,
        signal: gone.signal,
        headers: Object.entries(headers).map(([name, value]) => [name, String(value)] as [string, string]),
        ...(method === "GET" || method === "OPTIONS" ? {} : { body: Readable.toWeb(message), duplex: "half" }),
      } as RequestInit),
    );
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    try {
      for await (const chunk of answer.body ?? []) {
        if (!response.write(chunk)) await once(response, "drain", { signal: gone.signal });
      }
      response.end();
    } catch {
      response.destroy(); // Cut by either side.
    }
  };
}
