import { freemem, loadavg, platform, totalmem } from "node:os";
import type { Telemetry } from "board/telemetry";
import si from "systeminformation";

// Linux tells its traffic in files. Elsewhere a program is started to ask for it, which is too dear four times a second.
const TRAFFIC_EVERY_MS = platform() === "linux" ? 250 : 1000;

/** Reads this machine. */
export interface Machine {
  read(): Promise<Telemetry>;
  /** The newest reading. */
  readonly newest: Telemetry | undefined;
}

/** A reader of this machine, for Linux, macOS and Windows. What is slow to ask is asked beside, and told when it is known. */
export function readMachine(now: () => number = Date.now): Machine {
  let network = { received: 0, sent: 0 };
  let memory = { used: totalmem() - freemem(), total: totalmem() };
  let nextSlowAt = 0;
  let isAsking = false;
  let newest: Telemetry | undefined;

  async function askSlowly(): Promise<void> {
    isAsking = true;
    nextSlowAt = now() + TRAFFIC_EVERY_MS;
    try {
      network = await traffic();
      memory = await memoryNow();
    } catch {
      // A system that does not tell keeps the last figures: the others go on.
    }
    isAsking = false;
  }

  return {
    get newest() {
      return newest;
    },
    async read() {
      if (!isAsking && now() >= nextSlowAt) void askSlowly();
      const { currentLoad, cpus } = await si.currentLoad();
      newest = {
        at: now(),
        cpu: tenth(currentLoad),
        cores: cpus.map(({ load }) => tenth(load)),
        memory,
        network,
        load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
      };
      return newest;
    },
  };
}

/** Bytes per second, over all interfaces: with the loopback, so that the boards' own traffic is seen, too. */
async function traffic(): Promise<Telemetry["network"]> {
  const interfaces = await si.networkStats("*");
  const sum = (of: "rx_sec" | "tx_sec"): number =>
    Math.round(interfaces.reduce((total, one) => total + Math.max(one[of] ?? 0, 0), 0));
  return { received: sum("rx_sec"), sent: sum("tx_sec") };
}

async function memoryNow(): Promise<Telemetry["memory"]> {
  // On macOS what is "free" leaves out most of what could be had; everywhere else the system's own figure is right.
  if (platform() !== "darwin") return { used: totalmem() - freemem(), total: totalmem() };
  const { available, total } = await si.mem();
  return { used: total - available, total };
}

const tenth = (value: number): number => Math.round(value * 10) / 10;
