import { Component } from "@angular/core";
import { injectRealtime } from "@tidewire/angular";

@Component({
  selector: "live-price",
  template: `<output [attr.aria-busy]="ticks.status() !== 'open'">{{ ticks.value()?.price ?? "…" }}</output>`,
})
export class LivePrice {
  readonly ticks = injectRealtime<{ price: number }>("https://example.com/ticks");
}
