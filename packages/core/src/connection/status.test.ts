import { TidewireError } from "@tidewire/wire";
import { expect, test } from "vitest";
import { IDLE, type Signal, type Status, transition } from "./status.ts";

const error = new TidewireError("network", "cut");
const at = 1000;
const statuses: { [word in Status["status"]]: Status } = {
  idle: IDLE,
  connecting: { status: "connecting", attempt: 1, error: undefined },
  "catching-up": { status: "catching-up", since: at, error: undefined },
  open: { status: "open", since: at, error: undefined },
  waiting: { status: "waiting", attempt: 1, retryAt: 2000, error },
  paused: { status: "paused", why: "offline", error: undefined },
  closed: { status: "closed", error: undefined },
  failed: { status: "failed", error },
};
const signals: Signal[] = [
  { type: "dial", attempt: 2 },
  { type: "opened", at },
  { type: "opened", at, isReplaying: true },
  { type: "caught-up", at },
  { type: "lost", attempt: 1, retryAt: 2000, error },
  { type: "pause", why: "frozen" },
  { type: "end" },
  { type: "fail", error },
  { type: "release" },
];

// Rows are statuses, columns the signals above; "." stays as it is.
const table = `
idle        connecting .    .           .    .       paused .      .      .
connecting  connecting open catching-up .    waiting paused closed failed idle
catching-up connecting .    .           open waiting paused closed failed idle
open        connecting .    .           .    waiting paused closed failed idle
waiting     connecting .    .           .    .       paused closed failed idle
paused      connecting .    .           .    .       paused closed failed idle
closed      connecting .    .           .    .       paused .      .      idle
failed      connecting .    .           .    .       paused .      .      idle
`;

for (const row of table.trim().split("\n")) {
  const [from, ...cells] = row.trim().split(/\s+/) as [Status["status"], ...string[]];
  test(`from ${from} each signal leads where the table says`, () => {
    const before = statuses[from];
    const after = signals.map((signal) => transition(before, signal));
    expect(after.map((status) => (status === before ? "." : status.status))).toEqual(cells);
  });
}

test("a dial keeps the error that made it necessary, and an open line forgets it", () => {
  const dialling = transition(statuses.waiting, { type: "dial", attempt: 2 });
  expect(dialling).toEqual({ status: "connecting", attempt: 2, error });
  expect(transition(dialling, { type: "opened", at }).error).toBeUndefined();
});
