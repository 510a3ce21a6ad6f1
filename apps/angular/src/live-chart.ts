import { afterRenderEffect, Component, DestroyRef, type ElementRef, inject, input, viewChild } from "@angular/core";
import { type LiveChart as Chart, createChart, type Telemetry } from "board";

@Component({
  selector: "live-chart",
  host: { style: "display: contents" },
  template: `
    <div
      #place
      class="chart"
      role="img"
      aria-label="CPU, memory and network in the last minute"
      data-testid="chart"
    ></div>
  `,
})
export class LiveChart {
  readonly readings = input.required<readonly Telemetry[]>();
  readonly place = viewChild.required<ElementRef<HTMLElement>>("place");

  constructor() {
    let chart: Chart | undefined;
    afterRenderEffect(() => {
      chart ??= createChart(this.place().nativeElement);
      chart.show(this.readings());
    });
    inject(DestroyRef).onDestroy(() => chart?.dispose());
  }
}
