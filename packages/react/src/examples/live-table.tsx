import { useRealtime } from "@tidewire/react";

type Tick = { symbol: string; price: number };

export function LiveTable() {
  const { data: rows } = useRealtime("https://example.com/ticks", { conflate: (tick: Tick) => tick.symbol });
  return (
    <table>
      <tbody>
        {[...rows.values()].map(({ symbol, price }) => (
          <tr key={symbol}>
            <th>{symbol}</th>
            <td>{price}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
