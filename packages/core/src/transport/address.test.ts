import { afterEach, expect, test, vi } from "vitest";
import { type Address, absolute } from "./address.ts";
import { sse } from "./sse.ts";
import type { LineEnd, Transport } from "./transport.ts";
import { websocket } from "./websocket.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

const makers: readonly (readonly [string, (address: Address) => Transport])[] = [
  ["sse", (address) => sse(address)],
  ["websocket", (address) => websocket(address)],
];
const unreachable = ["ftp://feed.test/", "https://", "http://[", "javascript:alert(1)"];
const cases = makers.flatMap(([kind, make]) => unreachable.map((address) => ({ kind, make, address })));

test.for(cases)("$kind refuses $address at once, and says what it takes", ({ make, address }) => {
  expect(() => make(address)).toThrow(expect.objectContaining({ code: "option-invalid", isFinal: true }));
  expect(() => make(address)).toThrow(/http\(s\) or ws\(s\)/);
});

test.for(cases)("$kind fails for good when a function gives $address", async ({ make, address }) => {
  const end = await new Promise<LineEnd>((closed) => {
    const quiet = { opened() {}, caughtUp() {}, alive() {}, message() {}, resumeAt() {}, retryHint() {} };
    make(() => address).open({ lastEventId: "", token: undefined }, { ...quiet, closed });
  });
  expect(end).toMatchObject({ error: { code: "option-invalid", isFinal: true } });
});

test.for(makers)("%s takes a path where there is no page, until it is dialled", ([, make]) => {
  expect(make("/ticks").name).toContain("/ticks");
  expect(() => absolute("/ticks")).toThrow(/whole/);
});

test("a path counts from the page", () => {
  vi.stubGlobal("location", { href: "https://app.test/board/" });
  expect(absolute("ticks").href).toBe("https://app.test/board/ticks");
});
