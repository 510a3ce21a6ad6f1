import { busiest, bytes, type Process, percent, processes, processId } from "board";
import { animationFrameScheduler, auditTime, map, scan } from "rxjs";
import { keyed, markup } from "./markup.ts";

const noRows: ReadonlyMap<number, Process> = new Map();

export function processesPanel(): HTMLElement {
  const panel = markup(`
    <section class="panel processes" aria-labelledby="processes-title">
      <header class="panel-head">
        <h2 id="processes-title">Busiest processes <small>the newest of each, by its number</small></h2>
      </header>
      <table data-testid="processes">
        <thead>
          <tr>
            <th scope="col">Process</th>
            <th scope="col">Number</th>
            <th scope="col">CPU</th>
            <th scope="col">Memory</th>
          </tr>
        </thead>
        <tbody></tbody>
      </table>
    </section>
  `);
  const rows$ = processes.pipe(
    scan((rows, row) => new Map(busiest(rows).map((kept) => [kept.pid, kept])).set(row.pid, row), noRows),
    auditTime(0, animationFrameScheduler),
    map(busiest),
  );
  const showRows = keyed(panel.querySelector<HTMLElement>("tbody")!, rowKey, rowItem);
  rows$.subscribe(showRows);
  return panel;
}

/** A row that says something else is another row. */
const rowKey = (row: Process): string => `${processId(row)} ${row.cpu} ${row.memory}`;

function rowItem({ pid, name, cpu, memory }: Process): HTMLElement {
  const row = document.createElement("tr");
  const { value, unit } = bytes(memory);
  row.innerHTML = `
    <th scope="row"></th>
    <td>${pid}</td>
    <td><span class="share"><meter max="100" value="${cpu}" aria-hidden="true"></meter> ${percent(cpu)} %</span></td>
    <td>${value} ${unit}</td>
  `;
  row.querySelector("th")!.textContent = name;
  return row;
}
