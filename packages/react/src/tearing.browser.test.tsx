import { scriptedSource } from "@tidewire/conformance/binding";
import { startTransition, useLayoutEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { expect, test } from "vitest";
import { useRealtime } from "./index.ts";

const source = scriptedSource<number>();
const torn: string[][] = [];
let show: (rows: number) => void = () => {};
/** What happens while the row of this index is rendered, once. */
const meanwhile = new Map<number, () => void>();

function Row({ index }: { readonly index: number }) {
  const { data } = useRealtime(source.stream, { initial: 0 });
  const until = performance.now() + 0.2; // slow enough that React renders a long list in slices
  while (performance.now() < until);
  const happening = meanwhile.get(index);
  meanwhile.delete(index);
  happening?.();
  return <li>{data}</li>;
}

function List() {
  const [rows, setRows] = useState(10);
  useLayoutEffect(() => {
    show = setRows;
    const shown = new Set(Array.from(document.querySelectorAll("li"), (row) => row.textContent ?? ""));
    if (shown.size > 1) torn.push([...shown]);
  });
  return Array.from({ length: rows }, (_, index) => <Row key={String(index)} index={index} />);
}

test("all rows of a slow concurrent render show one and the same moment", async () => {
  const host = document.body.appendChild(document.createElement("div"));
  const root = createRoot(host);
  const rows = () => host.querySelectorAll("li").length;
  root.render(<List />);
  await expect.poll(rows).toBe(10);
  source.emit(1);
  await expect.poll(() => host.querySelector("li")?.textContent).toBe("1");

  let interruptions = 0;
  meanwhile.set(80, () => {
    setTimeout(() => {
      interruptions += 1;
      source.emit(2);
    });
  });
  // The last row: what is rendered comes to the page before the next frame tells the rows that are there already.
  meanwhile.set(159, () => source.emit(3));
  startTransition(() => show(160));
  await expect.poll(rows).toBe(160);
  await expect
    .poll(() => new Set(Array.from(host.querySelectorAll("li"), (row) => row.textContent)))
    .toEqual(new Set(["3"]));
  expect(interruptions).toBe(1);
  expect(torn).toEqual([]);
  root.unmount();
  host.remove();
});
