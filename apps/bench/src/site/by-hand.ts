import type { Feed } from "./feed.ts";
import { foldAny, initial, type State } from "./fold.ts";

/** The hand-written ideal: the bare transport, a fold outside of any framework, and at most one `show` per frame. */
export function byHand(feed: Feed, show: (state: State) => void): () => void {
  let state = initial;
  let isDue = false;
  const commit = (): void => {
    isDue = false;
    show(state);
  };
  return read(feed, (text) => {
    state = foldAny(state, JSON.parse(text));
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(commit);
  });
}

/** The naive way in all frameworks: the platform's own object, and state set for each message. */
export function naively({ url, transport }: Feed, take: (text: string) => void): () => void {
  const source = transport === "sse" ? new EventSource(url) : new WebSocket(url);
  source.onmessage = ({ data }: MessageEvent<string>) => take(data);
  return () => source.close();
}

function read(feed: Feed, take: (text: string) => void): () => void {
  if (feed.transport === "websocket") return naively(feed, take);
  const stop = new AbortController();
  readEvents(feed.url, stop.signal, take).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return () => stop.abort();
}

/** Events of one data line each, which is all that the server sends. */
async function readEvents(url: string, signal: AbortSignal, take: (text: string) => void): Promise<void> {
  const { body } = await fetch(url, { signal });
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { value, done } = (await reader?.read()) ?? { value: undefined, done: true };
    if (done) return;
    const text = rest + decoder.decode(value, { stream: true });
    let start = 0;
    for (let end = text.indexOf("\n", start); end >= 0; end = text.indexOf("\n", start)) {
      if (text.startsWith("data: ", start)) take(text.slice(start + 6, end));
      start = end + 1;
    }
    rest = text.slice(start);
  }
}
