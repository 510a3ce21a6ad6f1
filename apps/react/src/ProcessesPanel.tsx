import { useRealtime } from "@tidewire/react";
import { busiest, bytes, PROCESSES_KEPT, percent, processes, processId } from "board";

export function ProcessesPanel() {
  const { data: rows } = useRealtime(processes, { conflate: processId, maxKeys: PROCESSES_KEPT, select: busiest });

  return (
    <section className="panel processes" aria-labelledby="processes-title">
      <header className="panel-head">
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
          {rows.map(({ pid, name, cpu, memory }) => (
            <tr key={pid}>
              <th scope="row">{name}</th>
              <td>{pid}</td>
              <td>
                <span className="share">
                  <meter max={100} value={cpu} aria-hidden="true" />
                  {percent(cpu)} %
                </span>
              </td>
              <td>
                {bytes(memory).value} {bytes(memory).unit}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
