/** An endpoint of server-sent events that the test feeds, in the place of the network. */
export interface ScriptedEndpoint {
  readonly fetch: typeof globalThis.fetch;
  readonly requests: Request[];
  /** Sends text down the newest line. */
  push(text: string): void;
}

/** Makes an endpoint that answers every request with an open event stream. */
export function scriptedEndpoint(): ScriptedEndpoint {
  const encoder = new TextEncoder();
  const requests: Request[] = [];
  let line: ReadableStreamDefaultController<Uint8Array> | undefined;
  return {
    requests,
    push: (text) => line?.enqueue(encoder.encode(text)),
    async fetch(input, init) {
      const request = new Request(input, init);
      requests.push(request);
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          line = controller;
          request.signal.addEventListener("abort", () => controller.error(request.signal.reason));
        },
      });
      return new Response(body, { headers: { "content-type": "text/event-stream" } });
    },
  };
}
