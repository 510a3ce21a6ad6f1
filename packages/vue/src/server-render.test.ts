import { scriptedSource } from "@tidewire/conformance/binding";
import { expect, test, vi } from "vitest";
import { createSSRApp, h } from "vue";
import { renderToString } from "vue/server-renderer";
import { useRealtime } from "./index.ts";

test("[server-render] the initial value is in the HTML, and nothing is dialled", async () => {
  const source = scriptedSource<number>(1);
  const app = createSSRApp({
    setup() {
      const { data, status } = useRealtime(source.stream, { initial: 42 });
      return () => h("p", `${data.value} ${status.value}`);
    },
  });
  expect(await renderToString(app)).toBe("<p>42 idle</p>");
  await Promise.resolve();
  expect(source.dials()).toBe(0);
});

test("[server-render] a path, which has no page to count from here, dials nothing", async () => {
  const fetch = vi.fn<typeof globalThis.fetch>();
  const app = createSSRApp({
    setup() {
      const { data } = useRealtime("/prices", { initial: [], reduce: (list, price) => [...list, price], fetch });
      return () => h("p", String(data.value.length));
    },
  });
  expect(await renderToString(app)).toBe("<p>0</p>");
  expect(fetch).not.toHaveBeenCalled();
});
