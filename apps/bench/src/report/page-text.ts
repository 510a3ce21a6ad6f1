import type { PageRow } from "../browser/judge.ts";
import type { HubPageRow } from "../page/bench.ts";
import type { RenderRow, RenderTable } from "../render/bench.ts";
import { table } from "./text.ts";

const bold = (name: string): string => `**${name}**`;
/** A page that was gone in the end has no figures. */
const figure = (value: number, digits = 0): string => (Number.isFinite(value) ? value.toFixed(digits) : "–");
const ms = (value: number): string => figure(value, value < 100 ? 1 : 0);

const head = ["missed", "commits per frame", "most", "main thread", "µs/message"];
const tail = [
  "on screen after ms, median",
  "99 %",
  "from arrival ms, 99 %",
  "frames, median",
  "99 %",
  "frames/s",
  "long tasks",
  "behind in the end",
  "errors",
];

const first = (row: PageRow): string[] => [
  figure(row.missed),
  figure(row.commits / row.frames, 2),
  figure(row.mostPerFrame),
  `${figure(row.busy * 100)} %`,
  figure(row.cpuUs, 1),
];
const last = (row: PageRow): string[] => [
  ms(row.staleP50Ms),
  ms(row.staleP99Ms),
  ms(row.arrivedP99Ms),
  figure(row.arrivedP50Frames),
  figure(row.arrivedP99Frames),
  figure(row.fps),
  figure(row.longTasks),
  figure(row.behind),
  figure(row.errors),
];

export function renderText(tables: readonly RenderTable[]): string {
  const nameOf = ({ framework, name }: RenderRow): string =>
    name.startsWith("tidewire") ? `${framework}: ${bold(name)}` : `${framework}: ${name}`;
  return tables
    .map(({ name, rows }) =>
      table(
        [name, ...head, "× by hand", ...tail],
        rows.map((row) => [nameOf(row), ...first(row), figure(row.ratio, 2), ...last(row)]),
      ),
    )
    .join("\n\n");
}

export function pageText(rows: readonly HubPageRow[]): string {
  const isControl = (name: string): boolean => name.startsWith("bare");
  return table(
    ["one page of a hub", ...head, ...tail],
    rows.map((row) => [isControl(row.name) ? row.name : bold(row.name), ...first(row), ...last(row)]),
  );
}
