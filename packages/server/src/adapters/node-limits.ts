/** Above this many unsent bytes a line reads no further. */
export const HIGH_WATER = 16_384;

/** How long a peer may take to read the rest and answer a close before it is cut off, in milliseconds. */
export const CLOSE_TIMEOUT_MS = 2000;

/** When the operating system begins to ask a silent peer whether it is there, in milliseconds. */
export const KEEP_ALIVE_MS = 30_000;
