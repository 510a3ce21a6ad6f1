import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqlite } from "@tidewire/sqlite";
import fc from "fast-check";
import { test } from "vitest";
import { exactlyOnce } from "./lives.ts";

/** The real engine underneath: what "restarts" is the process, and the file is what it was. */
test("no life of a client, two hubs and an engine on SQLite loses, repeats or reorders a message in silence", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tidewire-lives-"));
  let files = 0;
  const newFile = () => {
    files += 1;
  };
  try {
    const property = exactlyOnce(undefined, () => sqlite(join(folder, `${files}.db`)));
    await fc.assert(property.beforeEach(newFile), { numRuns: Number(process.env["RUNS"] ?? 2000) });
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 300_000);
