import { timingSafeEqual } from "node:crypto";
import { expect, test, vi } from "vitest";
import { basicAuth, hubLocks } from "./locks.ts";

vi.mock("node:crypto", { spy: true });

const TOKEN = "correct horse: bättery";
const basic = (text: string): string => `Basic ${Buffer.from(text).toString("base64")}`;
const isOperator = basicAuth(TOKEN);

test("any name with the token as password is an operator", () => {
  expect(isOperator(basic(`ann:${TOKEN}`))).toBe(true);
  expect(isOperator(basic(`:${TOKEN}`).replace("Basic", "basic"))).toBe(true);
});

test.each([
  ["nothing", undefined],
  ["an empty header", ""],
  ["no password", basic("ann")],
  ["an empty password", basic("ann:")],
  ["half of the token", basic(`ann:${TOKEN.slice(0, 9)}`)],
  ["more than the token", basic(`ann:${TOKEN}${TOKEN}`)],
  ["the token as name", basic(`${TOKEN}:x`)],
  ["another scheme", basic(`ann:${TOKEN}`).replace("Basic", "Bearer")],
  ["what is no base64", "Basic §§§"],
])("%s is not, and is compared in constant time", (_name, header) => {
  vi.mocked(timingSafeEqual).mockClear();
  expect(isOperator(header)).toBe(false);
  expect(timingSafeEqual).toHaveBeenCalledOnce();
});

test("only an operator may read the hub's own topics, nobody may publish there, and all others stay open", () => {
  const { authorize } = hubLocks(isOperator);
  const may = (id: string, topic: string, action: "subscribe" | "publish") => authorize?.({ id }, topic, action);
  expect(may("operator", "hub.stats", "subscribe")).toBe(true);
  expect(may("operator", "hub.stats", "publish")).toBe(false);
  expect(may("anybody", "hub.events", "subscribe")).toBe(false);
  expect(may("anybody", "chat", "publish")).toBe(true);
  expect(hubLocks(undefined).authorize?.(undefined, "hub.stats", "subscribe")).toBe(false);
});
