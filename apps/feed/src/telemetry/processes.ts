import type { HubTopic } from "@tidewire/server";
import { PROCESSES_EVERY_MS, PROCESSES_TOLD, type Process } from "board/processes";
import si from "systeminformation";
import { every } from "./every.ts";

/** Reads the busiest processes: their names and figures alone, never how they were called. */
export async function readProcesses(now: () => number = Date.now): Promise<readonly Process[]> {
  const { list } = await si.processes();
  const at = now();
  // The programs that were started to read the others are not worth a row.
  const ours = new Set(list.filter(({ parentPid }) => parentPid === process.pid).map(({ pid }) => pid));
  return list
    .filter(({ pid, parentPid }) => !ours.has(pid) && !ours.has(parentPid))
    .sort((a, b) => b.cpu - a.cpu || b.memRss - a.memRss)
    .slice(0, PROCESSES_TOLD)
    .map(({ pid, name, cpu, memRss }) => ({
      at,
      pid,
      name: name.slice(0, 64),
      cpu: Math.round(cpu * 10) / 10,
      memory: memRss * 1024,
    }));
}

/** Publishes one message per process every 3 s until the signal fires; resolves then. */
export function publishProcesses(
  read: () => Promise<readonly Process[]>,
  topic: HubTopic<Process>,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  const act = async (): Promise<void> => {
    for (const one of await read()) void topic.publish(one); // in one turn, so that readers have them together
  };
  return every(PROCESSES_EVERY_MS, act, signal, say);
}
