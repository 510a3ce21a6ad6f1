import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fileOf } from "./examples.ts";

/** The lines of code in which a `send` is left alone with its rejection: neither awaited nor caught where it is called. */
function floatingSends(code: string): string[] {
  const calls = code.split("\n").filter((line) => /(^|[^\w.]|\.)send\(/.test(line) && !/\bsocket\.send\(/.test(line));
  return calls.filter((line) => !/\bawait\b.*send\(|send\(.*\.catch\(/.test(line)).map((line) => line.trim());
}

const blocksOf = (document: string): string =>
  [...document.matchAll(/^```(?:tsx?|vue|svelte|html)\n([\s\S]*?)^```/gm)].map(([, code]) => code).join("\n");

const root = fileOf("");
const documents = globSync(["*.md", "packages/*/*.md", "apps/*/README.md"], { cwd: root });
const sources = globSync("packages/*/src/examples/*.{ts,tsx,vue,svelte}", { cwd: root });
const read = (path: string): string => readFileSync(fileOf(path), "utf8");

test("no example that people copy leaves a send's rejection unhandled while the network is away", () => {
  const examples = [
    ...documents.map((path) => [path, blocksOf(read(path))]),
    ...sources.map((path) => [path, read(path)]),
  ];
  const sending = examples.filter(([, code]) => /\bsend\(/.test(code as string));
  expect(sending.length).toBeGreaterThan(5); // the search sees what it is to see
  expect(sending.flatMap(([path, code]) => floatingSends(code as string).map((line) => `${path}: ${line}`))).toEqual(
    [],
  );
});

test.each([
  'onClick={() => void live.send("hello")}',
  "@click=\"send('hello')\"",
  'onclick={() => chat.send("hello")}',
  "  room.send(line);",
])("a floating send is seen: %s", (line) => {
  expect(floatingSends(line)).toHaveLength(1);
});
