import type { Server, ServerResponse } from "node:http";
import type { Subject } from "./subject.ts";

/** The control over SSE: one `write` of one shared Buffer per response. Those who return get one joined write. */
export function serve(server: Server): Subject {
  const responses = new Set<ServerResponse>();
  const history: Buffer[] = [];
  let joined: Buffer | undefined;
  let isRetaining = false;
  let last = 0;

  server.on("request", (request, response: ServerResponse) => {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
    response.write(":\n\n");
    responses.add(response);
    response.on("close", () => responses.delete(response));
    response.on("error", () => {});
    if (request.headers["last-event-id"] === undefined) return;
    joined ??= Buffer.concat(history);
    response.write(joined);
  });
  return {
    publish(message) {
      last += 1;
      const event = Buffer.from(`id: ${last}\ndata: ${JSON.stringify(message)}\n\n`);
      if (isRetaining) history.push(event);
      for (const response of responses) response.write(event);
    },
    async retain() {
      isRetaining = true;
      return String(last);
    },
  };
}
