import type { RestartResult } from "../restart/bench.ts";
import { table } from "./text.ts";

const seconds = (ms: number): string => (ms / 1000).toFixed(2);

export function restartText({ clients, down, up, nodes }: RestartResult): string {
  const books = table(
    [`${clients} clients`, "messages", "refused", "lost", "doubled", "reordered", "gaps said"],
    [
      ["read", `${down.received}`, "–", ...[down.lost, down.doubled, down.reordered, down.gaps].map(String)],
      ["sent", ...[up.received, up.refused, up.lost, up.doubled, up.reordered].map(String), "–"],
    ],
  );
  const moves = table(
    [
      "restarted",
      "lines",
      "left by themselves",
      "opened per line",
      "peak per 100 ms",
      "median s",
      "95 % back s",
      "last s",
      "exit after s",
    ],
    nodes.map((node, index) => [
      index === 0 ? "the first node" : "the second node",
      `${node.lines}`,
      `${node.left}`,
      node.openedPerLine.toFixed(3),
      `${node.peak}`,
      ...[node.p50Ms, node.p95Ms, node.lastMs, node.exitMs].map(seconds),
    ]),
  );
  return `${books}\n\n${moves}`;
}
