import { createChart, type Telemetry } from "board";
import { createEffect, onCleanup, onMount } from "solid-js";

export function LiveChart(props: { readings: readonly Telemetry[] }) {
  let place!: HTMLDivElement;
  onMount(() => {
    const chart = createChart(place);
    createEffect(() => chart.show(props.readings));
    onCleanup(() => chart.dispose());
  });

  return (
    <div
      class="chart"
      ref={place}
      role="img"
      aria-label="CPU, memory and network in the last minute"
      data-testid="chart"
    />
  );
}
