import { expect, test, vi } from "vitest";
import { type Auth, createTokens } from "./auth.ts";
import type { Clock } from "./clock.ts";

let now = 1_000_000;
const clock: Clock = { now: () => now, after: () => () => {} };
const tokensOf = (auth: Auth) => createTokens(auth, clock);

test("a bare token is asked for at each dial", async () => {
  const auth = vi.fn(() => "a");
  const tokens = tokensOf(auth);
  await tokens.get();
  await tokens.get();
  expect(auth).toHaveBeenCalledTimes(2);
});

test("dials at the same time share one question", async () => {
  const auth = vi.fn(async () => "a");
  const tokens = tokensOf(auth);
  expect(await Promise.all([tokens.get(), tokens.get()])).toEqual(["a", "a"]);
  expect(auth).toHaveBeenCalledTimes(1);
});

test("a token with an expiry is kept until shortly before it", async () => {
  const auth = vi.fn(() => ({ token: "a", expiresAt: now + 60_000 }));
  const tokens = tokensOf(auth);
  await tokens.get();
  now += 50_000;
  await tokens.get();
  expect(auth).toHaveBeenCalledTimes(1);
  now += 6000;
  await tokens.get();
  expect(auth).toHaveBeenCalledTimes(2);
});

test("a token that was refused is asked for anew", async () => {
  const auth = vi.fn(() => ({ token: "a", expiresAt: now + 60_000 }));
  const tokens = tokensOf(auth);
  await tokens.get();
  tokens.forget();
  await tokens.get();
  expect(auth).toHaveBeenCalledTimes(2);
});

test.for<[string, Auth]>([
  ["throws", () => JSON.parse("{")],
  ["rejects", () => Promise.reject(new Error("no"))],
  ["gives nothing", () => undefined as unknown as string],
])("auth that %s is a retryable error, and is asked again", async ([, auth]) => {
  const asked = vi.fn(auth);
  const tokens = tokensOf(asked);
  await expect(tokens.get()).rejects.toMatchObject({ code: "auth-failed", isFinal: false });
  await expect(tokens.get()).rejects.toMatchObject({ code: "auth-failed" });
  expect(asked).toHaveBeenCalledTimes(2);
});
