import { createRealtime } from "@tidewire/solid";
import { busiest, bytes, PROCESSES_KEPT, percent, processes, processId } from "board";
import { Index } from "solid-js";

export function ProcessesPanel() {
  const rows = createRealtime(processes, { conflate: processId, maxKeys: PROCESSES_KEPT, select: busiest });

  return (
    <section class="panel processes" aria-labelledby="processes-title">
      <header class="panel-head">
        <h2 id="processes-title">
          Busiest processes <small>the newest of each, by its number</small>
        </h2>
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
          <Index each={rows()}>
            {(row) => (
              <tr>
                <th scope="row">{row().name}</th>
                <td>{row().pid}</td>
                <td>
                  <span class="share">
                    <meter max={100} value={row().cpu} aria-hidden="true" />
                    {percent(row().cpu)} %
                  </span>
                </td>
                <td>
                  {bytes(row().memory).value} {bytes(row().memory).unit}
                </td>
              </tr>
            )}
          </Index>
        </tbody>
      </table>
    </section>
  );
}
