import { Component, inject, makeStateKey, provideAppInitializer, TransferState } from "@angular/core";
import { injectRealtime } from "@tidewire/angular";

type FirstPage = { prices: readonly number[]; cursor: string | undefined };
const FIRST_PAGE = makeStateKey<FirstPage>("prices");

/** Among the providers of the server: its page brings along what it read, and where that ends. */
export const provideFirstPage = (read: () => Promise<FirstPage>) =>
  provideAppInitializer(async () => {
    const state = inject(TransferState);
    state.set(FIRST_PAGE, await read());
  });

@Component({
  selector: "first-page",
  template: `<output>{{ prices.value().join(" ") }} {{ prices.status() }}</output>`,
})
export class PricesPage {
  readonly first = inject(TransferState).get(FIRST_PAGE, { prices: [], cursor: undefined });
  readonly prices = injectRealtime("/prices", {
    initial: this.first.prices,
    reduce: (prices, price: number) => [...prices, price],
    lastEventId: this.first.cursor,
  });
}
