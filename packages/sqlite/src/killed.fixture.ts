// Appends for ever, and says what was acknowledged, until it is killed.
import { writeSync } from "node:fs";
import { sqlite } from "./sqlite.ts";

const keep = { retainMessages: 1e9, retainBytes: 1e9, retainMs: Number.POSITIVE_INFINITY };
const engine = sqlite(process.argv[2] as string);
for (let n = 0; ; n += 1) {
  await engine.append("a", `${n}`, keep);
  writeSync(1, `${n}\n`);
}
