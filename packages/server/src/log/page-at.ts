import type { Entry } from "../engine.ts";
import type { Form } from "../line.ts";
import type { Page } from "./page.ts";
import { type Pages, pageOf } from "./pages.ts";
import { type Place, vectorOf } from "./place.ts";

/** What follows at a place of a reader that stands at `id`: what the engine gave where the ring does not reach back, else a page of the ring. */
export function pageAt(pages: Pages, form: Form, places: readonly Place[], place: Place, id: string): Page | undefined {
  const { topic, found, o } = place;
  place.found = undefined;
  const isFound = found !== undefined && found.e === place.e && o < topic.log.min;
  if (!isFound && o >= topic.log.top) return undefined;
  const isShared = !isFound && (!form.needsId || places.length === 1);
  if (isShared) return pageOf(pages, form, topic, o);
  const entries = isFound ? found.entries.filter((entry) => entry.o > o) : topic.log.page(o);
  return ownPage(pages, form, places, place, id, entries);
}

/** Where messages carry the whole vector, only readers with the same one share a page. */
function ownPage(
  pages: Pages,
  form: Form,
  places: readonly Place[],
  { topic, e, o }: Place,
  id: string,
  entries: readonly Entry[],
): Page {
  const to = entries.at(-1)?.o ?? o;
  const vectorAt = (offset: number) => (form.needsId ? vectorOf(places, topic, offset) : "");
  return pages.get(`${form.name}|${id}|${topic.number}|${e}|${o}|${to}`, () => ({
    bytes: form.seal(entries.map((entry) => form.message(topic, entry, vectorAt(entry.o)))),
    to,
    id: vectorAt(to),
  }));
}
