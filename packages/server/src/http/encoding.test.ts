import { describe, expect, it } from "vitest";
import { acceptsGzip, encodedHeaders } from "./encoding.ts";

describe("gzip is taken by who says so", () => {
  it.each(["gzip", "GZIP", "x-gzip", "deflate, gzip;q=0.5, br", "gzip ; q=1.0", "*", "br, *;q=0.1", "*;q=0, gzip"])(
    "in %j",
    (accepted) => expect(acceptsGzip(accepted)).toBe(true),
  );

  it.each([undefined, "", "identity", "br", "gzip;q=0", "gzip; q=0.000", "*, gzip;q=0", "*;q=0", "gzipped", "q=gzip"])(
    "and not in %j",
    (accepted) => expect(acceptsGzip(accepted)).toBe(false),
  );
});

describe("a cache is told what the answer depends on", () => {
  it("beside what it depends on already, compressed or not", () => {
    expect(encodedHeaders({ A: "1" }, undefined)).toEqual({ A: "1", Vary: "Accept-Encoding" });
    expect(encodedHeaders({ Vary: "Origin" }, "gzip")).toEqual({
      "Content-Encoding": "gzip",
      Vary: "Origin, Accept-Encoding",
    });
  });
});
