import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memory } from "@tidewire/server";
import { sqlite } from "@tidewire/sqlite";
import { expect, onTestFinished, test } from "vitest";
import { fileOf } from "../readme/examples.ts";
import { moveTopic } from "./move-topic.ts";

const KEEP = { retainMessages: 10_000, retainBytes: 1e6, retainMs: Number.POSITIVE_INFINITY };

test("the server's page shows the move that is tested here", () => {
  const code = readFileSync(fileOf("packages/conformance/src/engine/move-topic.ts"), "utf8");
  expect(readFileSync(fileOf("packages/server/README.md"), "utf8")).toContain(`\`\`\`ts\n${code}\`\`\``);
});

test("a topic of more than a page moves from one engine to another with what is kept of it, in order", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tidewire-move-"));
  const [from, to] = [memory(), sqlite(join(folder, "log.db"))];
  onTestFinished(async () => {
    await to.close();
    rmSync(folder, { recursive: true });
  });
  const payloads = Array.from({ length: 2500 }, (_, n) => String(n));
  for (const payload of payloads) await from.append("a", payload, KEEP);
  await moveTopic("a", from, to, KEEP);
  expect((await to.read("a", undefined, 10_000)).entries.map(({ payload }) => payload)).toEqual(payloads);
});
