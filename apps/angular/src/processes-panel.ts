import { Component } from "@angular/core";
import { injectRealtime } from "@tidewire/angular";
import { busiest, bytes, PROCESSES_KEPT, percent, processes, processId } from "board";

@Component({
  selector: "processes-panel",
  host: { style: "display: contents" },
  template: `
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
        <tbody>
          @for (row of rows.value(); track row.pid) {
            <tr>
              <th scope="row">{{ row.name }}</th>
              <td>{{ row.pid }}</td>
              <td>
                <span class="share">
                  <meter max="100" [value]="row.cpu" aria-hidden="true"></meter>
                  {{ percent(row.cpu) }} %
                </span>
              </td>
              <td>{{ bytes(row.memory).value }} {{ bytes(row.memory).unit }}</td>
            </tr>
          }
        </tbody>
      </table>
    </section>
  `,
})
export class ProcessesPanel {
  readonly rows = injectRealtime(processes, { conflate: processId, maxKeys: PROCESSES_KEPT, select: busiest });
  readonly percent = percent;
  readonly bytes = bytes;
}
