/** The programs that the tests need from outside npm's usual ways. */
export type ProgramName = "chromium" | "firefox" | "webkit" | "bun" | "deno" | "node" | "nginx" | "redis" | "nats";
/** Where a program of the table is, or undefined. */
export declare function find(name: ProgramName): string | undefined;
/** What Playwright launches Chromium with. */
export declare function chromiumOptions(): { executablePath?: string; args: string[] };
