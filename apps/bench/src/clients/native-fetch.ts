import type { Told } from "./client.ts";

/** The control for SSE: the least code that reads `data:` lines from a fetch. No retry, no ids, no limits. */
export async function open(url: string, told: Told): Promise<void> {
  const response = await fetch(url, { headers: { accept: "text/event-stream" } });
  told.open();
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  let rest = "";
  const feed = (chunk: string): void => {
    const text = rest === "" ? chunk : rest + chunk;
    let from = 0;
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n", from)) {
      told.message(JSON.parse(text.slice(from + "data: ".length, end)));
      from = end + 2;
    }
    rest = text.slice(from);
  };
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    feed(utf8.decode(value, { stream: true }));
  }
}
