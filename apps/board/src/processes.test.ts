import { expect, test } from "vitest";
import { busiest, type Process } from "./processes.ts";

const row = (pid: number, at: number, cpu: number): Process => ({ at, pid, name: `p${pid}`, cpu, memory: 1 });
const byPid = (...rows: Process[]): Map<number, Process> => new Map(rows.map((each) => [each.pid, each]));

test("a process that the newest reading does not tell of is not shown", () => {
  expect(busiest(byPid(row(1, 100, 90), row(2, 200, 5), row(3, 200, 50))).map(({ pid }) => pid)).toEqual([3, 2]);
});

test("before the first reading there is nothing to show", () => {
  expect(busiest(new Map())).toEqual([]);
});
