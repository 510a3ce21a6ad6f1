import type { Reading } from "../reading.ts";
import { figuresOf } from "./figures.ts";

/** Puts the figures where the page has a place for them. */
export function showReading(reading: Reading): void {
  const figures = figuresOf(reading);
  for (const place of document.querySelectorAll<HTMLElement>("[data-figure]"))
    place.textContent = figures[place.dataset["figure"] as keyof typeof figures];

  const { isDraining } = reading.stats;
  const line = document.querySelector<HTMLElement>("#taking")!;
  const words = isDraining ? "drains: takes no new line" : "takes new lines";
  line.dataset["status"] = isDraining ? "waiting" : "open";
  const word = line.querySelector("strong")!;
  if (word.textContent !== words) word.textContent = words; // a screen reader says it again otherwise
}
