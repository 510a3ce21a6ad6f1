import type { Telemetry } from "board/telemetry";
import { expect, test } from "vitest";
import { answerTo, wordsOf } from "./answer.ts";

const reading: Telemetry = {
  at: 1,
  cpu: 42.5,
  cores: [30, 55],
  memory: { used: 2e9, total: 8e9 },
  network: { received: 1500, sent: 500 },
  load: 0.75,
};
const processes = [
  { at: 1, pid: 12, name: "node", cpu: 20, memory: 1 },
  { at: 1, pid: 13, name: "sshd", cpu: 1, memory: 1 },
];

test("a question about one thing is answered with that thing, in figures of the reading", () => {
  expect(answerTo("How busy are the cores?", { reading, processes })).toMatch(
    /^The machine is at work: its 2 cores are 42\.5 % busy\. The busiest is core 2 with 55 %, and the load over a minute is 0\.75\. No model/,
  );
  expect(answerTo("Is the memory full?", { reading, processes })).toMatch(
    /^Of 8\.0 GB of memory 2\.0 GB are taken, which is 25 %\. No/,
  );
  expect(answerTo("what about the network", { reading, processes })).toMatch(
    /^It receives 1\.5 kB\/s and sends 500 B\/s/,
  );
  expect(answerTo("Which process?", { reading, processes })).toMatch(
    /^Its busiest process is node, number 12, with 20 %/,
  );
});

test("any other question is answered with all that is known", () => {
  const text = answerTo("How are you?", { reading, processes });
  for (const part of ["cores", "memory", "receives", "busiest process"]) expect(text).toContain(part);
});

test("what is not known is said, not made up", () => {
  expect(answerTo("cpu", { reading: undefined, processes })).toMatch(/not been read yet/);
  expect(answerTo("Which process?", { reading, processes: [] })).toMatch(
    /^Which processes are running it does not say\./,
  );
});

test("the words joined are the text", () => {
  const text = answerTo("", { reading, processes });
  expect(wordsOf(text).join("")).toBe(text);
  expect(wordsOf(text).length).toBeGreaterThan(50);
});
