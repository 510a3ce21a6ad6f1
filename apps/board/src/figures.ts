import { bytes, percent, rate } from "./format.ts";
import type { Telemetry } from "./telemetry.ts";

/** One of the current values above the chart. `name` is its colour there, too. */
export interface Figure {
  readonly name: "cpu" | "memory" | "received" | "sent";
  readonly label: string;
  readonly value: string;
  readonly unit: string;
  readonly testId: string;
}

/** The current values; dashes before the first reading. */
export function figures(reading: Telemetry | undefined): readonly Figure[] {
  const memory = bytes(reading?.memory.used);
  const received = rate(reading?.network.received);
  const sent = rate(reading?.network.sent);
  return [
    { name: "cpu", label: "CPU", value: percent(reading?.cpu), unit: "%", testId: "telemetry-value" },
    { name: "memory", label: "Memory", ...memory, testId: "memory-value" },
    { name: "received", label: "Received", ...received, testId: "received-value" },
    { name: "sent", label: "Sent", ...sent, testId: "sent-value" },
  ];
}

/** What the machine is, in half a sentence. */
export function machineWords(reading: Telemetry | undefined): string {
  if (reading === undefined) return "no reading yet";
  const { value, unit } = bytes(reading.memory.total);
  const cores = `${reading.cores.length} ${reading.cores.length === 1 ? "core" : "cores"}`;
  return `${cores}, ${value} ${unit} of memory, load ${reading.load.toFixed(2)}`;
}
