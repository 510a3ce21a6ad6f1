import { Component, computed, input } from "@angular/core";
import { injectRealtime } from "@tidewire/angular";
import type { Status } from "@tidewire/core";
import { clock, statusSentence } from "board";

@Component({
  selector: "status-line",
  host: { style: "display: contents" },
  template: `
    <p class="status-line" [attr.data-status]="status().status">
      <span role="status">
        <span class="unseen">{{ of() }} is </span>
        <strong [attr.data-testid]="testId()">{{ status().status }}</strong>
      </span>
      <span class="more">{{ sentence() }}</span>
    </p>
  `,
})
export class StatusLine {
  readonly of = input.required<string>();
  readonly status = input.required<Status>();
  readonly testId = input.required<string>();
  readonly now = injectRealtime(() => this.status().status === "waiting" && clock, { initial: Date.now() });
  readonly sentence = computed(() => statusSentence(this.status(), this.now.value()));
}
