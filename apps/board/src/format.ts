const units = ["B", "kB", "MB", "GB", "TB"];

/** A number and its unit apart, so that a page can set the unit smaller. */
export interface Quantity {
  readonly value: string;
  readonly unit: string;
}

/** 12.34 -> "12.3"; undefined -> a dash. */
export function percent(value: number | undefined): string {
  return value === undefined ? "–" : value.toFixed(1);
}

/** 1234567 -> 1.2 MB, in decimal units; undefined -> a dash. */
export function bytes(count: number | undefined): Quantity {
  if (count === undefined) return { value: "–", unit: "" };
  let value = Math.max(count, 0);
  let step = 0;
  while (value >= 999.5 && step < units.length - 1) {
    value /= 1000;
    step += 1;
  }
  return { value: step === 0 || value >= 99.95 ? value.toFixed(0) : value.toFixed(1), unit: units[step]! };
}

/** 1234567 -> 1.2 MB/s. */
export function rate(bytesPerSecond: number | undefined): Quantity {
  const { value, unit } = bytes(bytesPerSecond);
  return { value, unit: unit === "" ? "" : `${unit}/s` };
}

/** The time of day, in the reader's own way: 18:42. */
export function clockTime(at: number): string {
  return new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}
