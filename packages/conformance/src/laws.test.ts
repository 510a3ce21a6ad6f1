import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { clauses } from "./laws/clauses.ts";
import { readRepository, repositoryRoot } from "./laws/source-file.ts";

const repository = readRepository();

describe.each(clauses)("$title", ({ law, broken, kept }) => {
  it("in this repository", () => {
    expect(law(repository)).toEqual([]);
  });

  it("and a breach is told, an innocent file is not", () => {
    for (const [files, complaint] of broken) expect(law(files).join("\n")).toMatch(complaint);
    expect(law(kept)).toEqual([]);
  });
});

/** The source of every entry of every published package. */
const entries = repository
  .filter(({ path }) => /^packages\/[^/]+\/package\.json$/.test(path))
  .flatMap(({ path, text }) => {
    const { private: isPrivate, exports = {} } = JSON.parse(text) as { private?: boolean; exports?: object };
    const sources = Object.values(exports).flatMap(
      (entry) => (entry as Record<string, string>)["@tidewire/source"] ?? [],
    );
    return isPrivate ? [] : sources.map((source) => join(path, "..", source));
  });

afterEach(() => vi.restoreAllMocks());

describe("importing a published entry does nothing, and needs no DOM", () => {
  it("is asked of every package", () => {
    expect(entries.length).toBeGreaterThanOrEqual(6);
    expect([typeof document, typeof window]).toEqual(["undefined", "undefined"]);
  });

  it.each(entries)("%s", async (entry) => {
    const started = [
      vi.spyOn(globalThis, "setTimeout"),
      vi.spyOn(globalThis, "setInterval"),
      vi.spyOn(globalThis, "fetch"),
    ];
    await import(/* @vite-ignore */ join(repositoryRoot(), entry));
    for (const call of started) expect(call).not.toHaveBeenCalled();
  });
});
