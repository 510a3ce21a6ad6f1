/** Above this many unsent bytes a line reads no further. */
export const HIGH_WATER = 16_384;

/** How long a peer may take to read the rest and answer a close before it is cut off, in milliseconds. */
export const CLOSE_TIMEOUT_MS = 2000;
