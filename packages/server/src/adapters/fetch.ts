import { encodeSse, optionInvalid } from "@tidewire/wire";
import type { RequestFacts } from "../access.ts";
import { admit, refuseOrigin } from "../http/admit.ts";
import { corsFor, preflightHeaders, refusalHeaders, SSE_HEADERS } from "../http/headers.ts";
import { networkOf } from "../http/network.ts";
import { type Route, routeOf } from "../http/route.ts";
import type { Hub, HubCore } from "../hub.ts";
import type { Form } from "../line.ts";
import { plainSse } from "../plain/forms.ts";
import type { Origins } from "../plain/origin.ts";
import { claimTopics, openPlainLine } from "../plain/plain-line.ts";
import type { Refusal } from "../plain/request.ts";
import { bodyLine, concat } from "./fetch-line.ts";
import { answerFetchPost } from "./fetch-post.ts";

const encoder = new TextEncoder();
const PLAIN: Form = plainSse("fetch sse", { seal: (texts) => encoder.encode(texts.join("")), join: concat });

/** Options of {@link toFetchHandler}. */
export interface FetchHandlerOptions {
  /** Answers only this path (and `/up` and `/poll` below it), and every other with 404. Default: answers all that it is handed. */
  readonly path?: string | undefined;
  /** Foreign origins whose pages may read and send; or a function that decides. Default: pages of the same host only. */
  readonly origins?: Origins<Request> | undefined;
  /** What EventSource is told to wait before it dials again, in milliseconds; each line gets half to one and a half of it. Default 1000. */
  readonly retryMs?: number | undefined;
  /** The client's address, for the hub's `sessionsPerAddress`: the runtime's own word for it, or a proxy's. With IPv6 a /64 is one address. Default: unknown, and not bounded. */
  readonly addressOf?: ((request: Request) => string | undefined) | undefined;
}

/** Answers a request. Never rejects. */
export type FetchHandler = (request: Request) => Promise<Response>;

/**
 * Makes the hub answer where a server is a function from `Request` to `Response`: Hono, Next, SvelteKit, Deno, Bun. Tidewire
 * clients speak SSE, POST and long-poll there, plain ones EventSource; WebSocket takes Node's own server.
 */
export function toFetchHandler(hub: Hub, options: FetchHandlerOptions = {}): FetchHandler {
  const { path, origins = [], retryMs = 1000, addressOf } = options;
  if (path !== undefined && !path.startsWith("/")) throw optionInvalid(`\`path\` begins with a slash, got ${path}.`);
  const { core } = hub;

  const answer = async (request: Request): Promise<Response> => {
    const address = addressOf?.(request);
    const facts = factsOf(request, address && networkOf(address));
    const route = routeOf(facts.url.pathname, path);
    if (!route) return refuse(undefined, { status: 404, message: "Not the hub's path." });
    const foreign = refuseOrigin(facts.header, facts.header("host") ?? facts.url.host, origins, request);
    if (foreign) {
      core.gauges.refused(foreign.status, foreign.message);
      return refuse(undefined, foreign);
    }
    return answerFriend(core, route, request, facts, retryMs);
  };

  return async (request) => {
    try {
      return await answer(request);
    } catch (error) {
      // A request that was cut is no news; anything else is our own mistake.
      if (!request.signal.aborted) core.settings.onError(error, "answering a request");
      return refuse(undefined, { status: 500, message: "internal error" });
    }
  };
}

async function answerFriend(
  core: HubCore,
  route: Route,
  request: Request,
  facts: RequestFacts,
  retryMs: number,
): Promise<Response> {
  const cors = corsFor(facts.header("origin"));
  if (request.method === "POST") return answerFetchPost(core, route, request, facts);
  if (request.method === "OPTIONS") {
    const asked = facts.header("access-control-request-headers");
    return new Response(null, { status: 204, headers: { ...cors, ...preflightHeaders(asked) } });
  }
  if (request.method !== "GET") return refuse(cors, { status: 405, message: "Only GET and POST are answered." });
  const admitted = await admit(core, facts);
  if ("status" in admitted) return refuse(cors, admitted);
  const topics = claimTopics(core, admitted.asked);
  if ("status" in topics) return refuse(cors, topics);
  const line = bodyLine(request.signal);
  line.write(encoder.encode(encodeSse({ comment: "tidewire", retry: Math.round(retryMs * (0.5 + Math.random())) })));
  const from = { line: "", transport: "sse", principal: admitted.principal };
  line.attach(
    openPlainLine(core, line, { topics, request: admitted.asked, form: PLAIN, from, address: admitted.address }),
  );
  return new Response(line.body, { headers: { ...SSE_HEADERS, ...cors } });
}

/** What the hub may know of a request. */
function factsOf({ url, headers }: Request, address: string | undefined): RequestFacts {
  return { url: new URL(url), header: (name) => headers.get(name) ?? undefined, address };
}

function refuse(cors: Record<string, string> | undefined, { status, message }: Refusal): Response {
  return new Response(`${message}\n`, { status, headers: { ...refusalHeaders(status), ...cors } });
}
