import type { Axis, Series } from "uplot";
import { CHART_SECONDS } from "./series.ts";

/** How the plots draw: every colour is the page's own, asked for at each drawing. */
export interface Pencil {
  /** A plain line with a wash of its colour beneath. */
  filled(name: string): Series;
  /** A dashed line: told from the plain one without its colour. */
  dashed(name: string): Series;
  /** The axis up the side. */
  side(axis: Axis): Axis;
  /** The axis of time, with its labels or without. */
  time(hasLabels: boolean): Axis;
}

const SIDE_PX = 62;
const marks = [1, 0.75, 0.5, 0.25, 0].map((part) => part * CHART_SECONDS);
const markLabels = marks.map((seconds) => (seconds === 0 ? "now" : `−${seconds} s`));

/** Takes the page's font and its colours: the custom properties --cpu, --memory and so on. */
export function pencil(): Pencil {
  const page = getComputedStyle(document.documentElement); // it follows the page
  const colour = (name: string) => () => page.getPropertyValue(name);
  const line = (name: string): Series => ({ stroke: colour(name), width: 1.75, points: { show: false } });
  const axis: Axis = {
    stroke: colour("--muted"),
    grid: { stroke: colour("--rule"), width: 1 },
    ticks: { show: false },
    font: `12px ${page.fontFamily}`,
  };
  return {
    filled: (name) => ({ ...line(name), fill: colour(`${name}-wash`) }),
    dashed: (name) => ({ ...line(name), dash: [6, 4] }),
    side: (more) => ({ ...axis, size: SIDE_PX, ...more }),
    time: (hasLabels) => ({
      ...axis,
      size: hasLabels ? 26 : 16,
      splits: (plot) => marks.map((seconds) => (plot.scales["x"]?.max ?? 0) - seconds),
      values: () => (hasLabels ? markLabels : marks.map(() => "")),
    }),
  };
}
