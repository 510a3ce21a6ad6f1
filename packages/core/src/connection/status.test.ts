import { TidewireError } from "@tidewire/wire";
import { expect, test } from "vitest";
import { IDLE, isAtRest, type Status, type StatusWord, transition } from "./status.ts";

const error = new TidewireError("network", "cut");
const at = 1000;
const statuses: { readonly [word in StatusWord]: Status } = {
  idle: IDLE,
  connecting: { status: "connecting", attempt: 1, error: undefined },
  "catching-up": { status: "catching-up", since: at, error: undefined },
  open: { status: "open", since: at, error: undefined },
  waiting: { status: "waiting", attempt: 1, retryAt: 2000, error },
  paused: { status: "paused", why: "offline", error: undefined },
  closed: { status: "closed", error: undefined },
  failed: { status: "failed", error },
};

// Rows are statuses, columns what is told; "." stays as it is.
const table = `
told:       idle connecting catching-up open waiting paused closed failed
idle        idle connecting .           .    .       paused .      .
connecting  idle connecting catching-up open waiting paused closed failed
catching-up idle connecting .           open waiting paused closed failed
open        idle connecting .           .    waiting paused closed failed
waiting     idle connecting .           .    .       paused closed failed
paused      idle connecting .           .    .       paused closed failed
closed      idle connecting .           .    .       paused .      .
failed      idle connecting .           .    .       paused .      .
`;

const [[, ...told], ...rows] = table
  .trim()
  .split("\n")
  .map((row) => row.split(/\s+/)) as [string[], ...[StatusWord, ...string[]][]];

test.for(rows)("from %s each status leads where the table says", ([from, ...cells]) => {
  const before = { ...statuses[from] } as Status;
  const after = told.map((word) => transition(before, statuses[word as StatusWord]));
  expect(after.map((status) => (status === before ? "." : status.status))).toEqual(cells);
});

test("a status is handed on as it was told", () => {
  expect(transition(statuses.connecting, statuses.open)).toBe(statuses.open);
  expect(transition(statuses.open, IDLE)).toBe(IDLE);
});

test("idle, closed and failed are rest; the others are under way", () => {
  const atRest = Object.values(statuses).filter(isAtRest);
  expect(atRest.map(({ status }) => status)).toEqual(["idle", "closed", "failed"]);
});
