import { figures, foldTelemetry, machineWords, noReadings, telemetry } from "board";
import { animationFrameScheduler, auditTime, map, scan, share } from "rxjs";
import { liveChart } from "./LiveChart.ts";
import { markup, part } from "./markup.ts";
import { statusLine } from "./StatusLine.ts";

export function telemetryPanel(): HTMLElement {
  const panel = markup(`
    <section class="panel machine" aria-labelledby="machine-title">
      <header class="panel-head">
        <h2 id="machine-title">The server’s machine <small>topic telemetry</small></h2>
      </header>
      <dl class="figures">
        ${figures(undefined)
          .map(
            ({ name, label, value, unit, testId }) => `
              <div class="${name}">
                <dt>${label}</dt>
                <dd>
                  <span data-testid="${testId}">${value}</span>
                  <small>${unit}</small>
                </dd>
              </div>`,
          )
          .join("")}
      </dl>
      <p class="small-print">
        <span data-testid="telemetry-count">0</span> messages · <span data-testid="machine-words"></span>
      </p>
    </section>
  `);

  const machine$ = telemetry.pipe(
    scan(foldTelemetry, noReadings), // every message is folded
    auditTime(0, animationFrameScheduler), // and the screen is told once per frame
    share(),
  );
  panel.querySelector(".panel-head")!.append(statusLine("Telemetry", telemetry.status$, "status"));
  panel.querySelector(".figures")!.after(liveChart(machine$.pipe(map(({ readings }) => readings))));
  machine$.subscribe(({ count, readings }) => {
    const newest = readings.at(-1);
    for (const { value, unit, testId } of figures(newest)) {
      part(panel, testId).textContent = value;
      part(panel, testId).nextElementSibling!.textContent = unit;
    }
    part(panel, "telemetry-count").textContent = `${count}`;
    part(panel, "machine-words").textContent = machineWords(newest);
  });
  return panel;
}
