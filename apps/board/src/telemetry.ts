/** One reading of the feed's machine. */
export interface Telemetry {
  /** Milliseconds since 1970, by the feed's clock. */
  readonly at: number;
  /** Busy time of all cores, in per cent. */
  readonly cpu: number;
  /** Busy time of each core, in per cent. */
  readonly cores: readonly number[];
  /** In bytes. */
  readonly memory: { readonly used: number; readonly total: number };
  /** In bytes per second, over all interfaces, the loopback among them. */
  readonly network: { readonly received: number; readonly sent: number };
  /** Runnable tasks, averaged over a minute; 0 where the system does not tell (Windows). */
  readonly load: number;
}

/** How often the feed reads its machine. */
export const TELEMETRY_EVERY_MS = 250;

/** How many readings a chart shows: one minute. */
export const CHART_READINGS = 240;
