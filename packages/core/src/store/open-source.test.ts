import { Subject } from "rxjs";
import { expect, test } from "vitest";
import { openSource } from "./open-source.ts";

const never: typeof fetch = () => new Promise(() => {});

test("one address is one stream, however often it is opened", () => {
  const one = openSource("https://address.test/a", { fetch: never });
  expect(openSource("https://address.test/a", { fetch: (...args) => never(...args) })).toBe(one);
  expect(openSource(new URL("https://address.test/a"), { fetch: never, commit: "sync", initial: 1 })).toBe(one);
});

test("other options make another stream", () => {
  const one = openSource("https://address.test/b", { silenceMs: 1000 });
  expect(openSource("https://address.test/b", { silenceMs: 2000 })).not.toBe(one);
});

test("options that conflict with those of a stream that is being read are refused", () => {
  const one = openSource("https://address.test/c", { fetch: never, silenceMs: 1000 });
  if (!one || !("status$" in one)) throw new Error("an address gives a stream");
  const subscription = one.subscribe();
  expect(() => openSource("https://address.test/c", { fetch: never, silenceMs: 2000 })).toThrow("different options");
  subscription.unsubscribe();
});

test("what is a source already stays what it is", () => {
  const subject = new Subject<number>();
  expect(openSource(subject, { initial: 1, lingerMs: 5 })).toBe(subject);
  expect(openSource(null, {})).toBe(null);
});

test("stream options beside a source are refused by name", () => {
  expect(() => openSource(new Subject<number>(), { silenceMs: 5 })).toThrow("`silenceMs` is an option of the stream");
});

test("an empty address is refused", () => {
  expect(() => openSource("", {})).toThrow("takes a URL");
});
