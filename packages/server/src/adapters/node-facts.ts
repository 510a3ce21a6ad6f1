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
export async function bodyOf(request: IncomingMessage, limit: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
