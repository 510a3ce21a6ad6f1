import type { IncomingMessage } from "node:http";
import type { RequestFacts } from "../access.ts";

/** The request's address. What cannot be read as one has the empty path, which no handler with a `path` answers. */
export function urlOf(request: IncomingMessage): URL {
  const address = `http://localhost${request.url ?? ""}`;
  return new URL(URL.canParse(address) ? address : "http://localhost");
}

/** A header's one value. */
export function headerOf(request: IncomingMessage, name: string): string | undefined {
  return oneValue(request.headers, name);
}

function oneValue(headers: IncomingMessage["headers"], name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? value : value?.[0];
}

/** What the hub may know of a request. It holds on to the address and the headers, not to the request. */
export function factsOf(request: IncomingMessage): RequestFacts {
  const { headers } = request;
  return { url: urlOf(request), header: headerIn(headers) };
}

/** A function of its own, so that its closure holds nothing else. */
function headerIn(headers: IncomingMessage["headers"]): (name: string) => string | undefined {
  return (name) => oneValue(headers, name);
}

/** Reads a body of at most `limit` bytes; undefined when there are more. MAY reject when the request is cut. */
export function bodyOf(request: IncomingMessage, limit: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    // Nobody listens to a request that was read: it need not outlive that.
    const stop = () => request.off("data", take).off("end", end).off("close", cut).off("error", cut);
    const take = (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) return void chunks.push(chunk);
      stop().pause();
      resolve(undefined);
    };
    const end = () => {
      stop();
      resolve(Buffer.concat(chunks).toString("utf8"));
    };
    const cut = (error?: Error) => {
      stop();
      reject(error ?? new Error("the request was cut"));
    };
    request.on("data", take).on("end", end).on("close", cut).on("error", cut);
  });
}
