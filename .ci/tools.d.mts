/** What Playwright launches Chromium with. */
export declare function chromiumOptions(): { executablePath?: string; args: string[] };
/** The Bun for the adapter suite, or undefined. */
export declare function findBun(): string | undefined;
/** The Deno for the adapter suite, or undefined. */
export declare function findDeno(): string | undefined;
/** The newest Node for the adapter suite, or undefined. */
export declare function findNewNode(): string | undefined;
/** The nginx that hubs are tested behind, or undefined. */
export declare function findNginx(): string | undefined;
