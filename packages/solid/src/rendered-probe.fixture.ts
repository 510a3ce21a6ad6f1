/** What a server renders of a probe. A browser cannot render it: the server's own test holds this to what Solid does. */
export function serverRendered(initial: unknown): string {
  const text = JSON.stringify({ data: initial, status: "idle" });
  return `<output data-hk="00">${text}</output>`;
}
