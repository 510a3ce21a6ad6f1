import type { CompressRow } from "../compress/bench.ts";
import { table } from "./text.ts";

export function compressText(rows: readonly CompressRow[]): string {
  const sizes = rows[0]?.costs.map(({ size }) => size) ?? [];
  const figures = sizes.flatMap((size) => [`${size}: B`, "µs", `${size}, burst of 10: B`, "µs"]);
  return ["SSE", "WebSocket"]
    .map((over) =>
      table(
        [`${over}, per delivery`, ...figures, "KiB per connection"],
        rows
          .filter((row) => row.over === over)
          .map(({ name, costs, rssKib }) => [
            name.startsWith("tidewire") ? `**${name}**` : name,
            ...costs.flatMap(({ singleBytes, singleUs, burstBytes, burstUs }) => [
              singleBytes.toFixed(0),
              singleUs.toFixed(2),
              burstBytes.toFixed(0),
              burstUs.toFixed(2),
            ]),
            rssKib.toFixed(0),
          ]),
      ),
    )
    .join("\n\n");
}
