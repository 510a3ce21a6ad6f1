/** The Chromium for the browser tests, or undefined. */
export declare function findChromium(): string | undefined;
