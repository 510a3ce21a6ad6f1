import type { IncomingMessage } from "node:http";
import type { RequestFacts } from "../access.ts";
import { networkOf } from "../http/network.ts";

/** A path that stands in an address as it is. */
const PLAIN_PATH = /^\/[\w/-]*(?=\?|$)/;

/** The path of the request's address. What cannot be read as one is the empty path, which no handler with a `path` answers. */
export function pathOf({ url }: IncomingMessage): string {
  return PLAIN_PATH.exec(url ?? "")?.[0] ?? urlAt(url).pathname;
}

function urlAt(address = ""): URL {
  return URL.parse(`http://localhost${address}`) ?? new URL("http://localhost");
}

/** A header's one value. */
export function headerOf(request: IncomingMessage, name: string): string | undefined {
  return oneValue(request.headers, name);
}

function oneValue(headers: IncomingMessage["headers"], name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? value : value?.[0];
}

/** Addresses that somebody else than the socket says. */
const said = new WeakMap<IncomingMessage, string>();

/** Says where a request came from: a proxy stands in between. */
export function sayAddress(request: IncomingMessage, address: string): void {
  said.set(request, address);
}

/** Where a request came from. */
export function addressOf(request: IncomingMessage): string {
  return networkOf(said.get(request) ?? request.socket.remoteAddress ?? "");
}

/** What the hub may know of a request. */
export function factsOf(request: IncomingMessage): RequestFacts {
  return new Facts(request, addressOf(request));
}

/** Holds on to the address and the headers, not to the request; the address is read when it is asked for. */
class Facts implements RequestFacts {
  readonly #path: string | undefined;
  #url: URL | undefined;
  readonly header: (name: string) => string | undefined;

  readonly address: string;

  constructor({ url, headers }: IncomingMessage, address: string) {
    this.address = address;
    this.#path = url;
    this.header = (name) => oneValue(headers, name);
  }

  get url(): URL {
    this.#url ??= urlAt(this.#path);
    return this.#url;
  }
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
