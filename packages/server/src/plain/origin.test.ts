import { expect, it } from "vitest";
import { isSameHost } from "./origin.ts";

it.each([
  ["http://a.example", "a.example", true],
  ["http://a.example:80", "a.example", true],
  ["https://a.example", "a.example:443", true],
  ["http://A.example", "a.EXAMPLE", true],
  ["http://a.example:8080", "a.example:8080", true],
  ["http://[::1]:3000", "[::1]:3000", true],
  ["https://a.example", "a.example:80", false],
  ["http://a.example:8080", "a.example", false],
  ["http://a.example.evil", "a.example", false],
  ["http://evil", "a.example", false],
  ["null", "a.example", false],
  ["", "a.example", false],
  ["file://", "", false],
  ["http://a.example", undefined, false],
  ["http://a.example", "a.example/x@evil", false],
  ["http://evil", "a.example@evil", false],
])("a page of %s on host %s: %s", (origin, host, isSame) => {
  expect(isSameHost(origin, host)).toBe(isSame);
});
