import { Component, computed } from "@angular/core";
import { injectRealtime } from "@tidewire/angular";
import { figures, foldTelemetry, machineWords, noReadings, telemetry } from "board";
import { LiveChart } from "./live-chart.ts";
import { StatusLine } from "./status-line.ts";

@Component({
  selector: "telemetry-panel",
  imports: [LiveChart, StatusLine],
  host: { style: "display: contents" },
  template: `
    <section class="panel machine" aria-labelledby="machine-title">
      <header class="panel-head">
        <h2 id="machine-title">The server’s machine <small>topic telemetry</small></h2>
        <status-line of="Telemetry" [status]="machine.snapshot()" testId="status" />
      </header>
      <dl class="figures">
        @for (figure of shown(); track figure.name) {
          <div [class]="figure.name">
            <dt>{{ figure.label }}</dt>
            <dd>
              <span [attr.data-testid]="figure.testId">{{ figure.value }}</span>
              <small>{{ figure.unit }}</small>
            </dd>
          </div>
        }
      </dl>
      <live-chart [readings]="machine.value().readings" />
      <p class="small-print">
        <span data-testid="telemetry-count">{{ machine.value().count }}</span> messages · {{ words() }}
      </p>
    </section>
  `,
})
export class TelemetryPanel {
  readonly machine = injectRealtime(telemetry, { initial: noReadings, reduce: foldTelemetry });
  readonly newest = computed(() => this.machine.value().readings.at(-1));
  readonly shown = computed(() => figures(this.newest()));
  readonly words = computed(() => machineWords(this.newest()));
}
