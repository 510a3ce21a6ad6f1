declare module "*/.ci/tools.mjs" {
  /** What Playwright launches Chromium with. */
  export function chromiumOptions(): { executablePath?: string; args: string[] };
  /** The Bun for the adapter suite, or undefined. */
  export function findBun(): string | undefined;
  /** The Deno for the adapter suite, or undefined. */
  export function findDeno(): string | undefined;
  /** The newest Node for the adapter suite, or undefined. */
  export function findNewNode(): string | undefined;
  /** The nginx that hubs are tested behind, or undefined. */
  export function findNginx(): string | undefined;
}
