import { Component } from "@angular/core";
import { injectRealtime } from "@tidewire/angular";

type Tick = { symbol: string; price: number };

@Component({
  selector: "live-table",
  template: `
    <table>
      @for (row of rows.value().values(); track row.symbol) {
        <tr><th>{{ row.symbol }}</th><td>{{ row.price }}</td></tr>
      }
    </table>
  `,
})
export class LiveTable {
  readonly rows = injectRealtime("https://example.com/ticks", { conflate: (tick: Tick) => tick.symbol });
}
