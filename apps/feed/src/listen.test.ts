import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { listen } from "./listen.ts";

const servers: Server[] = [];
const server = (): Server => {
  const made = createServer();
  servers.push(made);
  return made;
};
afterEach(() => Promise.all(servers.splice(0).map((one) => new Promise((resolve) => one.close(resolve)))));

test("a taken port makes it the next free one, and that is said", async () => {
  const first = server();
  const taken = await listen(first, "127.0.0.1", 0, () => {});
  const said: string[] = [];
  const port = await listen(server(), "127.0.0.1", taken, (line) => said.push(line));
  expect(port).toBeGreaterThan(taken);
  expect(said).toEqual([`Port ${taken} is taken, so this is port ${port}. PORT=<number> chooses another.`]);
});

test("a free port is taken as it is, and nothing is said", async () => {
  const scout = server();
  const free = await listen(scout, "127.0.0.1", 0, () => {});
  await new Promise((resolve) => scout.close(resolve));
  const said: string[] = [];
  const next = server();
  expect(await listen(next, "127.0.0.1", free, (line) => said.push(line))).toBe(free);
  expect((next.address() as AddressInfo).port).toBe(free);
  expect(said).toEqual([]);
});

test("an address that is not this machine's is an error, not another port", async () => {
  await expect(listen(server(), "192.0.2.1", 0, () => {})).rejects.toThrow("EADDRNOTAVAIL");
});
