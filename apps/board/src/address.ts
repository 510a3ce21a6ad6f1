/** The WebSocket address of a path on the page's own server. */
export function socketAddress(path: string): string {
  return new URL(path, location.href).href.replace(/^http/, "ws");
}
