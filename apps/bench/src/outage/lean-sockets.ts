// Imported before anything else, where what a thousand clients of one process cost is not what is measured: `fetch` and
// `WebSocket` by way of `node:http` and `ws`, which take less of the CPU than Node's own. Whoever asks the platform gets these.
import { request } from "node:http";
import { WebSocket } from "ws";

/** As much of `fetch` as reading a stream takes. */
function fetch(url: string | URL, { method = "GET", headers, signal }: RequestInit = {}): Promise<Response> {
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      { method, headers: Object.fromEntries(new Headers(headers)), agent: false },
      (answer) => {
        const body = new ReadableStream({
          start(controller) {
            answer.on("data", (chunk) => controller.enqueue(chunk));
            answer.on("end", () => controller.close());
            answer.on("error", (error) => controller.error(error));
          },
        });
        const status = answer.statusCode ?? 0;
        resolve(new Response(body, { status, headers: { "content-type": answer.headers["content-type"] ?? "" } }));
      },
    );
    asked.on("error", reject);
    signal?.addEventListener("abort", () => asked.destroy());
    asked.end();
  });
}

Object.assign(globalThis, { fetch, WebSocket });
