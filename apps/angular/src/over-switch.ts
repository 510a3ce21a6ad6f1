import { Component } from "@angular/core";
import { over, overs } from "board";

@Component({
  selector: "over-switch",
  host: { style: "display: contents" },
  template: `
    <nav class="segments" aria-label="Transport">
      @for (one of overs; track one.name) {
        <a
          [href]="'?over=' + one.name"
          [attr.aria-current]="one.name === over.name ? 'true' : null"
          [attr.data-testid]="'over-' + one.name"
          >{{ one.title }}</a
        >
      }
    </nav>
  `,
})
export class OverSwitch {
  readonly over = over;
  readonly overs = overs;
}
