import { formatCursor } from "@tidewire/wire";
import type { Form } from "../line.ts";
import type { Page } from "./page.ts";
import type { Topic } from "./topic.ts";

type KeptPage = { -readonly [field in keyof Page]: Page[field] };

/** Pages by key, the least recently used ones given up beyond a bound in bytes. */
export interface Pages {
  get(key: string, make: () => Pick<Page, "bytes" | "to" | "id">): Page;
}

const NO_BYTES = new Uint8Array(0);

/** Makes the store of shared pages. */
export function createPages(maxBytes: number): Pages {
  const pages = new Map<string, KeptPage>();
  let bytes = 0;
  let lastNumber = 0;

  const giveUpOldest = (except: string) => {
    for (const [key, page] of pages) {
      if (bytes <= maxBytes || key === except) return;
      pages.delete(key);
      bytes -= page.bytes.byteLength;
      page.bytes = NO_BYTES;
      page.isGivenUp = true;
    }
  };

  return {
    get(key, make) {
      let page = pages.get(key);
      if (page) {
        pages.delete(key);
        pages.set(key, page);
        return page;
      }
      lastNumber += 1;
      page = { ...make(), number: lastNumber, isGivenUp: false };
      pages.set(key, page);
      bytes += page.bytes.byteLength;
      giveUpOldest(key);
      return page;
    },
  };
}

/** The messages of one topic after offset `from`, encoded once for all readers of nothing else. */
export function pageOf(pages: Pages, form: Form, topic: Topic, from: number): Page {
  const { e, top } = topic.log;
  const newest = topic.newest.get(form);
  // Nearly every reader of a live topic wants the same page next: one look instead of a key.
  if (newest && newest.from === from && newest.top === top && newest.e === e && !newest.page.isGivenUp)
    return newest.page;
  const entries = topic.log.page(from);
  const to = entries.at(-1)?.o ?? from;
  const idOf = (o: number) => (form.needsId ? formatCursor(topic.name, { e, o }) : "");
  const page = pages.get(`${form.name}|${topic.number}|${e}|${from}|${to}`, () => ({
    bytes: form.seal(entries.map((entry) => form.message(topic, entry, idOf(entry.o)))),
    to,
    id: idOf(to),
  }));
  topic.newest.set(form, { from, e, top, page });
  return page;
}
