import { TidewireError } from "@tidewire/core";
import { expect, test } from "vitest";
import { bytes, percent, rate } from "./format.ts";
import { statusSentence } from "./status.ts";

test("quantities are short, with decimal units and a dash for nothing", () => {
  expect([0, 999, 1234, 99_949, 123_456, 999_600, 25_276_510_208].map((count) => Object.values(bytes(count)))).toEqual([
    ["0", "B"],
    ["999", "B"],
    ["1.2", "kB"],
    ["99.9", "kB"],
    ["123", "kB"],
    ["1.0", "MB"],
    ["25.3", "GB"],
  ]);
  expect(bytes(undefined)).toEqual({ value: "–", unit: "" });
  expect(rate(1500)).toEqual({ value: "1.5", unit: "kB/s" });
  expect([percent(12.345), percent(undefined)]).toEqual(["12.3", "–"]);
});

test("the sentence of a waiting stream counts down to the next try", () => {
  const waiting = { status: "waiting", attempt: 2, retryAt: 10_000, error: undefined } as const;
  expect(statusSentence(waiting, 7_500)).toBe("next try in 3 s, attempt 2");
  expect(statusSentence(waiting, 9_999)).toBe("next try in 1 s, attempt 2");
  expect(statusSentence(waiting, 10_001)).toBe("next try now, attempt 2");
});

test("a failed stream says why", () => {
  const error = new TidewireError("content-type", "The answer was a web page.");
  expect(statusSentence({ status: "failed", error }, 0)).toBe("The answer was a web page.");
});
