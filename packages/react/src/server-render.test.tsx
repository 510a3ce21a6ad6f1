import { scriptedSource } from "@tidewire/conformance/binding";
import type { Readable, Source, Url } from "@tidewire/core";
import { Suspense, use } from "react";
import { renderToString } from "react-dom/server";
import { expect, test, vi } from "vitest";
import { useRealtime, useRealtimePromise } from "./index.ts";

interface PageProps {
  readonly source: Source<number> | Url;
  readonly fetch?: typeof globalThis.fetch;
}

function Page({ source, fetch }: PageProps) {
  const { data, status } = useRealtime(source, { initial: 42, fetch });
  return <p>{`${data} ${status}`}</p>;
}

test("[server-render] the initial value is in the HTML, and nothing is dialled", () => {
  const source = scriptedSource<number, never>(1);
  expect(renderToString(<Page source={source.stream} />)).toBe("<p>42 idle</p>");
  expect(source.dials()).toBe(0);
});

test("[server-render] a path, which has no page to count from here, dials nothing", () => {
  const fetch = vi.fn<typeof globalThis.fetch>();
  expect(renderToString(<Page source="/prices" fetch={fetch} />)).toBe("<p>42 idle</p>");
  expect(fetch).not.toHaveBeenCalled();
});

function Waiting({ source }: PageProps) {
  return <p>{use(useRealtimePromise(source as Readable<number>))}</p>;
}

test("[server-render] what waits for a first message leaves its place to the client, and dials nothing", () => {
  const source = scriptedSource<number, never>(1);
  const html = renderToString(
    <Suspense fallback="soon">
      <Waiting source={source.stream} />
    </Suspense>,
  );
  expect(html).toContain("soon");
  expect(source.dials()).toBe(0);
});
