import { existsSync } from "node:fs";
import type { Hub, HubOptions } from "@tidewire/server";
import { files, folder, type Handler, plain, redirect } from "../files.ts";
import { createGauges } from "./gauges.ts";
import { basicAuth, hubLocks, type IsOperator, OPERATORS_DOOR } from "./locks.ts";

/** What the hub says of itself, for those who know the token. */
export interface Stats {
  /** For `createHub`. */
  readonly hubOptions: Pick<HubOptions, "authenticate" | "authorize" | "onEvent">;
  /** Where the hub is to answer, too. */
  readonly doors: readonly string[];
  /** Answers what is asked for at /stats; undefined where nothing is. */
  readonly page: Handler | undefined;
  /** Begins to publish; ends when the hub closes. */
  publish(hub: Hub): void;
}

/** Without a token nothing is there: no page, no line, and a lock on the topics. */
export function openStats(token: string | undefined): Stats {
  if (token === undefined) return { hubOptions: hubLocks(undefined), doors: [], page: undefined, publish() {} };
  const isOperator = basicAuth(token);
  const { note, publish } = createGauges();
  return {
    hubOptions: { ...hubLocks(isOperator), onEvent: note },
    doors: [OPERATORS_DOOR],
    page: createPage(isOperator),
    publish,
  };
}

function createPage(isOperator: IsOperator): Handler {
  const serve = files("../dist");
  return (request, response) => {
    const path = request.url?.slice("/stats".length) ?? "";
    if (!path.startsWith("/")) return redirect(response, "/stats/");
    response.setHeader("Cache-Control", "no-store");
    if (!isOperator(request.headers.authorization)) {
      response.setHeader("WWW-Authenticate", 'Basic realm="The hub of Tidewire", charset="UTF-8"');
      return plain(response, 401, "Any name, and the token as password.");
    }
    if (!existsSync(folder("../dist/index.html")))
      return plain(response, 503, "This page is not built. `npx pnpm@12 start` builds it.");
    request.url = path;
    serve(request, response);
  };
}
