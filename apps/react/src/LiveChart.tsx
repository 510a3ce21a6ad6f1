import { type LiveChart as Chart, createChart, type Telemetry } from "board";
import { useEffect, useRef } from "react";

export function LiveChart({ readings }: { readings: readonly Telemetry[] }) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<Chart>(undefined);

  useEffect(() => {
    chart.current = createChart(place.current!);
    return () => chart.current?.dispose();
  }, []);
  useEffect(() => chart.current?.show(readings), [readings]);

  return (
    <div
      className="chart"
      ref={place}
      role="img"
      aria-label="CPU, memory and network in the last minute"
      data-testid="chart"
    />
  );
}
