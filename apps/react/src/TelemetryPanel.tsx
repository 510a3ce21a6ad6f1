import { useRealtime } from "@tidewire/react";
import { figures, foldTelemetry, machineWords, noReadings, telemetry } from "board";
import { LiveChart } from "./LiveChart.tsx";
import { StatusLine } from "./StatusLine.tsx";

export function TelemetryPanel() {
  const { data: machine, ...status } = useRealtime(telemetry, { initial: noReadings, reduce: foldTelemetry });
  const newest = machine.readings.at(-1);

  return (
    <section className="panel machine" aria-labelledby="machine-title">
      <header className="panel-head">
        <h2 id="machine-title">
          The server’s machine <small>topic telemetry</small>
        </h2>
        <StatusLine of="Telemetry" status={status} testId="status" />
      </header>
      <dl className="figures">
        {figures(newest).map(({ name, label, value, unit, testId }) => (
          <div key={name} className={name}>
            <dt>{label}</dt>
            <dd>
              <span data-testid={testId}>{value}</span>
              <small>{unit}</small>
            </dd>
          </div>
        ))}
      </dl>
      <LiveChart readings={machine.readings} />
      <p className="small-print">
        <span data-testid="telemetry-count">{machine.count}</span> messages · {machineWords(newest)}
      </p>
    </section>
  );
}
