/** What would make a URL out of a host that names another one. */
const NOT_A_HOST = /[/\\?#@\s]/;

/** Which foreign pages may read and send: their origins, or a function that decides. Same-host pages always may. */
export type Origins<Request> = readonly string[] | ((origin: string, request: Request) => boolean);

/** True when a request may be answered. One without `Origin` does not come from a foreign page. */
export function isOriginAllowed<Request>(
  origin: string | undefined,
  host: string | undefined,
  origins: Origins<Request>,
  request: Request,
): boolean {
  if (origin === undefined || isSameHost(origin, host)) return true;
  return typeof origins === "function" ? origins(origin, request) : origins.includes(origin);
}

/** True when the page at `origin` came from `host`, the scheme's own port left out or not. */
export function isSameHost(origin: string, host: string | undefined): boolean {
  if (!host || NOT_A_HOST.test(host) || !URL.canParse(origin)) return false;
  const page = new URL(origin);
  const here = `${page.protocol}//${host}`;
  return page.host !== "" && URL.canParse(here) && new URL(here).host === page.host;
}
