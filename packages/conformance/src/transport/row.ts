import type { StatusWord, TidewireError, TidewireErrorCode, Transport } from "@tidewire/core";
import { expect, it } from "vitest";
import { type Behaviour, type Handle, open } from "./driver.ts";
import { createScriptedServer, type Script, type ScriptedServer } from "./scripted-server.ts";

/** One line of a table: what a server does, and what a client makes of it. */
export interface Row {
  /** A fact in the present tense. */
  readonly title: string;
  /** What the server does, request by request. Beyond it, it never answers. */
  readonly script: Script;
  /** Makes the transport. */
  readonly dial: (server: ScriptedServer) => Transport;
  readonly behaviour?: Behaviour;
  /** Status words from the first dial to the last that this script leads to. */
  readonly statuses: readonly StatusWord[];
  /** The data of the messages. Default none. */
  readonly messages?: readonly unknown[];
  /** How many requests reach the server. */
  readonly requests: number;
  /** The code of the error in the last status that had one. */
  readonly code?: TidewireErrorCode;
  /** Each wait in milliseconds; jitter is drawn as 0. */
  readonly waits?: readonly number[];
  /** Further facts, once the statuses were reached. */
  readonly also?: (seen: { server: ScriptedServer; handle: Handle; error: TidewireError | undefined }) => unknown;
}

/** No client has business on the line so long after it said that it is over. */
const LONG_AFTER_MS = 3_600_000;

/** Runs one row: plays it, compares, and then makes sure that nothing goes on and nothing is left open. */
export async function playRow(row: Row): Promise<void> {
  await using server = await createScriptedServer(row.script);
  const handle = open(row.dial(server), row.behaviour);
  try {
    await handle.reach(row.statuses.length);
    await handle.receive(row.messages?.length ?? 0);
    const isOver = handle.stream.status.status === "closed" || handle.stream.status.status === "failed";
    if (isOver) handle.clock.advance(LONG_AFTER_MS);
    await server.roundTrip();
    expect(handle.words).toEqual(row.statuses);
    expect(handle.messages.map((message) => message.data)).toEqual(row.messages ?? []);
    expect(server.requests).toHaveLength(row.requests);
    const error = handle.statuses.findLast((status) => status.error !== undefined)?.error;
    expect(error?.code).toBe(row.code);
    if (row.waits) expect(handle.waits).toEqual(row.waits);
    await row.also?.({ server, handle, error });
  } finally {
    handle[Symbol.dispose]();
  }
  await server.idle();
  expect(handle.clock.pending).toBe(0);
}

/** One test for each row. */
export function runTable(rows: readonly Row[]): void {
  for (const row of rows) it(row.title, () => playRow(row));
}
