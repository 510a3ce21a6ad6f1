import { expect, test } from "vitest";
import { mendLanguage } from "./language.ts";

test("a language that is no valid tag becomes the platform's default, and any other is left alone", () => {
  const unset = { language: "C" };
  expect(() => Intl.NumberFormat(unset.language)).toThrow(RangeError);
  mendLanguage(unset);
  expect(unset.language).toBe(Intl.NumberFormat().resolvedOptions().locale);

  const german = { language: "de-AT" };
  mendLanguage(german);
  expect(german.language).toBe("de-AT");
});
