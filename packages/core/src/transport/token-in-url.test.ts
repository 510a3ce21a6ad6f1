import { afterEach, beforeEach, expect, test, vi } from "vitest";

beforeEach(() => {
  vi.resetModules(); // the warning is given once for each module
  vi.spyOn(console, "warn").mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

test("the token goes where it was asked to, and the first time it is warned of", async () => {
  const { putTokenInUrl } = await import("./token-in-url.ts");
  const url = new URL("https://feed.test/?a=1");
  putTokenInUrl(url, "token", "s&cret");
  putTokenInUrl(url, "token", "other");
  expect(url.href).toBe("https://feed.test/?a=1&token=other");
  expect(console.warn).toHaveBeenCalledTimes(1);
  expect(console.warn).toHaveBeenCalledWith(expect.stringContaining("logs"));
});

test("production is not warned", async () => {
  vi.stubEnv("NODE_ENV", "production");
  const { putTokenInUrl } = await import("./token-in-url.ts");
  putTokenInUrl(new URL("https://feed.test/"), "token", "secret");
  expect(console.warn).not.toHaveBeenCalled();
});
