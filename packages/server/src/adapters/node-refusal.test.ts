import { describe, expect, it } from "vitest";
import { readSse, serveHub } from "./node.fixture.ts";

describe("what a hub refuses", () => {
  it.each([
    ["no topic", "/", /Name a topic/],
    ["an empty topic", "/?topic=", /255/],
    ["a long topic", `/?topic=${"x".repeat(256)}`, /255/],
    ["a topic with a line end", "/?topic=a%0Ab", /control/],
    ["an unknown start", "/?topic=a&from=never", /earliest/],
    ["a negative start", "/?topic=a&from=-1", /earliest/],
    ["many topics", `/?${Array.from({ length: 11 }, (_, i) => `topic=${i}`).join("&")}`, /At most 10/],
    [
      "long topics",
      `/?${Array.from({ length: 10 }, (_, i) => `topic=${i}${"é".repeat(60)}`).join("&")}`,
      /second line/,
    ],
  ])("%s gets 400", async (_what, path, text) => {
    const { http } = await serveHub({ maxTopicsPerLine: 10 });
    const response = await fetch(http + path);
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(text);
  });

  it("other methods get 405", async () => {
    const { http } = await serveHub();
    const response = await fetch(`${http}/?topic=a`, { method: "DELETE" });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET, POST");
  });

  it("pages of other hosts get 403, unless they are allowed", async () => {
    const { http, host } = await serveHub({ origins: ["https://friend.example"] });
    const status = async (origin: string) => {
      const { response, abort } = await readSse(`${http}/?topic=a`, { Origin: origin });
      abort();
      return [response.status, response.headers.get("access-control-allow-origin")];
    };
    expect(await status("https://evil.example")).toEqual([403, null]);
    expect(await status("null")).toEqual([403, null]);
    expect(await status(`http://${host}.evil.example`)).toEqual([403, null]);
    expect(await status(`http://${host}`)).toEqual([200, `http://${host}`]);
    expect(await status("https://friend.example")).toEqual([200, "https://friend.example"]);
  });

  it("lines over the limit get 503 and when to come back", async () => {
    const { hub, http } = await serveHub({ maxLines: 1 });
    const first = await readSse(`${http}/?topic=a`);
    const second = await fetch(`${http}/?topic=a`);
    expect(second.status).toBe(503);
    expect(Number(second.headers.get("retry-after"))).toBeGreaterThan(0);
    first.abort();
    await expect.poll(() => hub.core.lines.size).toBe(0);
    expect((await readSse(`${http}/?topic=a`)).response.status).toBe(200);
  });

  it("topics over the limit get 503, and topics that only readers named are let go", async () => {
    const { hub, http } = await serveHub({ maxTopics: 2, onError: () => {} });
    const first = await readSse(`${http}/?topic=a&topic=b`);
    expect((await fetch(`${http}/?topic=c`)).status).toBe(503);
    first.abort();
    await expect.poll(() => hub.core.topics.size).toBe(0);
    expect((await readSse(`${http}/?topic=c`)).response.status).toBe(200);
  });

  it("other paths are left to the caller", async () => {
    const { http } = await serveHub({ path: "/live" });
    expect(await (await fetch(`${http}/?topic=a`)).text()).toBe("not the hub");
    expect((await readSse(`${http}/live?topic=a`)).response.status).toBe(200);
  });
});
