import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { createHub, type Retention } from "@tidewire/server";
import { expect, onTestFinished, test, vi } from "vitest";
import { sqlite } from "./sqlite.ts";

const KEEP: Retention = { retainMessages: 1000, retainBytes: 1e6, retainMs: Number.POSITIVE_INFINITY };

function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), "tidewire-sqlite-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "log.db");
}
const payloads = (engine: ReturnType<typeof sqlite>) => {
  return engine.read("a", undefined, 100_000).entries.map(({ payload }) => payload);
};

test("a log goes on where it was: the same epoch, the same offsets, the same keys", async () => {
  const path = newPath();
  const before = sqlite(path);
  const first = await before.append("a", "1", { ...KEEP, idempotencyKey: "k" });
  await before.close();
  const after = sqlite(path);
  expect(after.lineage()).toBe(before.lineage());
  expect(await after.append("a", "1", { ...KEEP, idempotencyKey: "k" })).toEqual({ ...first, duplicate: true });
  expect(await after.append("a", "2", KEEP)).toEqual({ e: first.e, o: first.o + 1, duplicate: false });
  expect(payloads(after)).toEqual(["1", "2"]);
  await after.close();
});

test("a hub that restarts on it resumes its readers without a gap", async () => {
  const path = newPath();
  const one = createHub({ engine: sqlite(path) });
  const { e, o } = await one.publish("a", 1);
  await one.close();
  const two = createHub({ engine: sqlite(path) });
  await two.publish("a", 2);
  const page = await two.core.settings.engine.read("a", { e, o }, 10);
  expect(page).toMatchObject({ e, entries: [{ payload: "2", p: o }] });
  await two.close();
});

test("what was acknowledged outlives a process that is killed", async () => {
  const path = newPath();
  const child = spawn(
    process.execPath,
    ["--conditions=@tidewire/source", fileURLToPath(new URL("./killed.fixture.ts", import.meta.url)), path],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    said += text;
    if (said.split("\n").length > 500) child.kill("SIGKILL"); // in the middle of whatever it does
  });
  await once(child, "close");
  const acknowledged = said.split("\n").slice(0, -1);
  expect(acknowledged.length).toBeGreaterThan(400);
  const engine = sqlite(path);
  expect(payloads(engine).slice(0, acknowledged.length)).toEqual(acknowledged);
  await engine.close();
});

test("many appends of one turn are one transaction, and are answered in their order", async () => {
  const path = newPath();
  const engine = sqlite(path, { durability: "machine" });
  const given = await Promise.all(Array.from({ length: 500 }, (_, n) => engine.append("a", `${n}`, KEEP)));
  expect(given.map(({ o }) => o)).toEqual(Array.from({ length: 500 }, (_, n) => n + 1));
  await engine.close();
});

test("a file that another process has is refused, with what to do", () => {
  const path = newPath();
  const engine = sqlite(path);
  expect(() => sqlite(path)).toThrow(/one file serves one process/);
  void engine.close();
  void sqlite(path).close();
});

test("what is no log of this form is refused, with what to do", () => {
  const path = newPath();
  writeFileSync(path, "not a database, but long enough to be read as the first page of one".repeat(50));
  expect(() => sqlite(path)).toThrow(/no SQLite database/);
  const newer = newPath();
  new DatabaseSync(newer).exec("PRAGMA user_version = 99");
  expect(() => sqlite(newer)).toThrow(/form 99/);
  expect(() => sqlite("/nowhere/at/all/log.db")).toThrow(expect.objectContaining({ code: "refused" }));
});

test("a disk that is full refuses what is appended, keeps what was, and goes on when there is room", async () => {
  const path = newPath();
  const engine = sqlite(path);
  await engine.append("a", "1", KEEP);
  const { sql } = Reflect.get(engine, "store");
  const full = Object.assign(new Error("database or disk is full"), { errcode: 13 });
  const adding = vi.spyOn(sql.addEntry, "run").mockImplementation(() => {
    throw full;
  });
  await expect(engine.append("a", "2", KEEP)).rejects.toThrow("the disk is full: make room");
  adding.mockRestore();
  expect(await engine.append("a", "3", KEEP)).toMatchObject({ o: 2 });
  expect(payloads(engine)).toEqual(["1", "3"]);
  await engine.close();
});

test("a file that lost what it had acknowledged begins greater epochs", async () => {
  const path = newPath();
  const engine = sqlite(path);
  const { e } = await engine.append("a", "1", KEEP);
  await engine.append("a", "2", KEEP);
  await engine.close();
  const database = new DatabaseSync(path); // as after a power cut that took the last transaction
  database.exec(
    "DELETE FROM entries WHERE o = 2; UPDATE topics SET top = 1; UPDATE facts SET value = 1 WHERE name = 'appended'",
  );
  database.close();
  const again = sqlite(path);
  expect(again.lineage()).not.toBe(engine.lineage());
  expect((await again.append("a", "3", KEEP)).e).toBeGreaterThan(e);
  await again.close();
});

test("appends that wait are bounded, and an engine that is closed takes none", async () => {
  const engine = sqlite(newPath(), { maxWaiting: 2 });
  const waiting = [engine.append("a", "1", KEEP), engine.append("a", "2", KEEP)];
  await expect(engine.append("a", "3", KEEP)).rejects.toMatchObject({ code: "overflow" });
  expect(await Promise.all(waiting)).toHaveLength(2);
  await engine.close();
  await engine.close();
  await expect(engine.append("a", "4", KEEP)).rejects.toMatchObject({ code: "not-open" });
});

test("messages and keys that are too old are let go of, and stay gone after a restart", async () => {
  const path = newPath();
  let time = 1_000_000;
  const engine = sqlite(path, { now: () => time, idempotencyKeys: 10 });
  for (let n = 0; n < 200; n += 1)
    await engine.append("a", `${n}`, { ...KEEP, retainMessages: 5, idempotencyKey: `${n}` });
  expect(payloads(engine)).toEqual(["195", "196", "197", "198", "199"]);
  expect(
    await engine.append("a", "x", { ...KEEP, retainMs: 1000, retainMessages: 5, idempotencyKey: "0" }),
  ).toMatchObject({
    duplicate: false,
  });
  time += 2000;
  expect(payloads(engine)).toEqual([]);
  await engine.close();
  const database = new DatabaseSync(path);
  const { keys } = database.prepare("SELECT count(*) AS keys FROM keys").get() as { keys: number };
  expect(keys).toBeLessThan(100);
  database.close();
});
