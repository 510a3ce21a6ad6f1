import { createChart, type Telemetry } from "board";
import type { Observable } from "rxjs";
import { markup } from "./markup.ts";

export function liveChart(readings$: Observable<readonly Telemetry[]>): HTMLElement {
  const place = markup(`
    <div
      class="chart"
      role="img"
      aria-label="CPU, memory and network in the last minute"
      data-testid="chart"
    ></div>
  `);
  const chart = createChart(place);
  readings$.subscribe((readings) => chart.show(readings));
  return place;
}
