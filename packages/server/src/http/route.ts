/** Where a request goes: a stream, a poll, or frames up. */
export type Route = "stream" | "poll" | "up";

/** Where a path leads; undefined when it is not ours. */
export function routeOf(pathname: string, path: string | undefined): Route | undefined {
  if (path === undefined) {
    if (pathname.endsWith("/up")) return "up";
    return pathname.endsWith("/poll") ? "poll" : "stream";
  }
  if (pathname === path) return "stream";
  const below = path === "/" ? "" : path;
  if (pathname === `${below}/up`) return "up";
  return pathname === `${below}/poll` ? "poll" : undefined;
}
