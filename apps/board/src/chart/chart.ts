import "./language.ts"; // before uPlot

import uPlot, { type Options } from "uplot";
import "uplot/dist/uPlot.min.css";
import { rate } from "../format.ts";
import type { Telemetry } from "../telemetry.ts";
import { type Pencil, pencil } from "./pencil.ts";
import { lastMinute, traffic, trafficTop, usage } from "./series.ts";

/** The machine's last minute, drawn. */
export interface LiveChart {
  show(readings: readonly Telemetry[]): void;
  dispose(): void;
}

/** Draws two plots into an element: per cent above, traffic below. They follow its width and the page's colours. */
export function createChart(element: HTMLElement): LiveChart {
  const width = element.clientWidth || 600;
  const draw = pencil();
  const upper = new uPlot(usageOptions(draw, width), usage([]), element);
  const lower = new uPlot(trafficOptions(draw, width), traffic([]), element);
  const plots = [upper, lower];

  const resized = new ResizeObserver(() => {
    const width = element.clientWidth;
    if (width > 0) for (const plot of plots) plot.setSize({ width, height: plot.height });
  });
  resized.observe(element);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const recolour = (): void => {
    for (const plot of plots) plot.redraw(false, true);
  };
  dark.addEventListener("change", recolour);

  return {
    show(readings) {
      upper.setData(usage(readings));
      lower.setData(traffic(readings));
    },
    dispose() {
      dark.removeEventListener("change", recolour);
      resized.disconnect();
      for (const plot of plots) plot.destroy();
    },
  };
}

const shared = (width: number): Pick<Options, "width" | "padding" | "legend" | "cursor"> => ({
  width,
  padding: [10, 16, 0, 0],
  legend: { show: false },
  cursor: { show: false },
});
const x: uPlot.Scale = { time: false, range: (_plot, _min, max) => lastMinute(max) };

function usageOptions(draw: Pencil, width: number): Options {
  return {
    ...shared(width),
    height: 194,
    scales: { x, y: { range: [0, 100] } },
    axes: [
      draw.time(false),
      draw.side({ splits: [0, 25, 50, 75, 100], values: (_plot, at) => at.map((value) => `${value} %`) }),
    ],
    series: [{}, draw.filled("--cpu"), draw.dashed("--memory")],
  };
}

function trafficOptions(draw: Pencil, width: number): Options {
  const halves = (plot: uPlot): number[] => [0, 0.5, 1].map((part) => part * (plot.scales["y"]?.max ?? 0));
  return {
    ...shared(width),
    height: 136,
    scales: { x, y: { range: (_plot, _min, max) => [0, trafficTop(max)] } },
    axes: [draw.time(true), draw.side({ splits: halves, values: (_plot, at) => at.map(rateLabel) })],
    series: [{}, draw.filled("--received"), draw.dashed("--sent")],
  };
}

function rateLabel(bytesPerSecond: number): string {
  const { value, unit } = rate(bytesPerSecond);
  return bytesPerSecond === 0 ? "0" : `${value.replace(/\.0$/, "")} ${unit}`;
}
