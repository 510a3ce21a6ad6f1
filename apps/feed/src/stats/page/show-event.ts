import { EVENTS_KEPT, type ToldEvent } from "../reading.ts";
import { eventWords } from "./event-words.ts";

/** Puts an event on top; what is beyond the bound goes. */
export function showEvent(event: ToldEvent): void {
  const rows = document.querySelector<HTMLTableSectionElement>("#events")!;
  const { what, more } = eventWords(event);
  const row = rows.insertRow(0);
  row.dataset["event"] = event.name;
  const time = document.createElement("time");
  time.dateTime = new Date(event.at).toISOString();
  time.textContent = new Date(event.at).toLocaleTimeString([], { timeStyle: "medium" });
  row.insertCell().append(time);
  for (const words of [what, more]) row.insertCell().textContent = words;
  while (rows.rows.length > EVENTS_KEPT) rows.deleteRow(-1);
}
