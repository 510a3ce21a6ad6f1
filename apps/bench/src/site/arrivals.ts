/** How every message of these benchmarks names its number, whatever it is wrapped in. */
const MARK = '"n":';
/** The newest message stands at the end of a piece. */
const TAIL_BYTES = 1024;

const utf8 = new TextDecoder();

/** The newest message that begins in a piece of a stream; undefined where none does. */
function newestIn(text: string): number | undefined {
  for (let at = text.lastIndexOf(MARK); at >= 0; at = at === 0 ? -1 : text.lastIndexOf(MARK, at - 1)) {
    const end = text.indexOf(",", at);
    if (end > 0) return Number(text.slice(at + MARK.length, end));
  }
  return undefined;
}

/**
 * Tells of the newest message whenever the page's own JavaScript is given some: before any listener of the page's, and
 * alike for all pages, by what they all read from. To be called before they are loaded.
 */
export function watchArrivals(tell: (n: number) => void): void {
  const take = (text: unknown): void => {
    const n = typeof text === "string" ? newestIn(text) : undefined;
    if (n !== undefined) tell(n);
  };
  window.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener("message", ({ data }) => take(data));
    }
  };
  window.EventSource = class extends EventSource {
    constructor(url: string | URL, init?: EventSourceInit) {
      super(url, init);
      this.addEventListener("message", ({ data }) => take(data));
    }
  };
  const { read } = ReadableStreamDefaultReader.prototype;
  ReadableStreamDefaultReader.prototype.read = function (this: ReadableStreamDefaultReader<unknown>) {
    const chunk = read.call(this);
    chunk.then(
      ({ value }) => take(value instanceof Uint8Array ? utf8.decode(value.subarray(-TAIL_BYTES)) : value),
      () => {}, // whoever reads is told
    );
    return chunk;
  };
}
