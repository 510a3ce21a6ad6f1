import { expect, it, vi } from "vitest";
import { createPages } from "./pages.ts";

const page = (bytes: number) => () => ({ bytes: new Uint8Array(bytes), to: 0, id: "" });

it("makes a page once", () => {
  const pages = createPages(100);
  const make = vi.fn(page(10));
  expect(pages.get("a", make)).toBe(pages.get("a", make));
  expect(make).toHaveBeenCalledTimes(1);
});

it("gives up what was not used for longest when it holds too many bytes", () => {
  const pages = createPages(100);
  const a = pages.get("a", page(40));
  const b = pages.get("b", page(40));
  pages.get("a", page(40));
  pages.get("c", page(40));
  expect([a.isGivenUp, b.isGivenUp, b.bytes.length]).toEqual([false, true, 0]);
  expect(pages.get("b", page(40))).not.toBe(b);
});

it("keeps one page larger than the bound as long as nothing else is wanted", () => {
  const pages = createPages(100);
  const large = pages.get("large", page(500));
  expect(large.isGivenUp).toBe(false);
  pages.get("small", page(1));
  expect(large.isGivenUp).toBe(true);
});
