/** What a server renders of a probe. A browser cannot render it: the server's own test holds this to what Svelte does. */
export function serverRendered(initial: unknown): string {
  return `<!--[--><output>${JSON.stringify({ data: initial, status: "idle" })}</output><!--]-->`;
}
