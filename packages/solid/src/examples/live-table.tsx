import { createRealtime } from "@tidewire/solid";
import { For } from "solid-js";

type Tick = { symbol: string; price: number };

export function LiveTable() {
  const rows = createRealtime("https://example.com/ticks", { conflate: (tick: Tick) => tick.symbol });
  return (
    <table>
      <tbody>
        <For each={[...rows().values()]}>
          {({ symbol, price }) => (
            <tr>
              <th>{symbol}</th>
              <td>{price}</td>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  );
}
