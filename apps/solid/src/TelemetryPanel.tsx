import { createRealtime } from "@tidewire/solid";
import { figures, foldTelemetry, machineWords, noReadings, telemetry } from "board";
import { Index } from "solid-js";
import { LiveChart } from "./LiveChart.tsx";
import { StatusLine } from "./StatusLine.tsx";

export function TelemetryPanel() {
  const machine = createRealtime(telemetry, { initial: noReadings, reduce: foldTelemetry });
  const newest = () => machine().readings.at(-1);

  return (
    <section class="panel machine" aria-labelledby="machine-title">
      <header class="panel-head">
        <h2 id="machine-title">
          The server’s machine <small>topic telemetry</small>
        </h2>
        <StatusLine of="Telemetry" status={machine.snapshot} testId="status" />
      </header>
      <dl class="figures">
        <Index each={figures(newest())}>
          {(figure) => (
            <div class={figure().name}>
              <dt>{figure().label}</dt>
              <dd>
                <span data-testid={figure().testId}>{figure().value}</span>
                <small>{figure().unit}</small>
              </dd>
            </div>
          )}
        </Index>
      </dl>
      <LiveChart readings={machine().readings} />
      <p class="small-print">
        <span data-testid="telemetry-count">{machine().count}</span> messages · {machineWords(newest())}
      </p>
    </section>
  );
}
