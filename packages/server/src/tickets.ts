import { optionInvalid } from "@tidewire/wire";
import type { Principal, RequestFacts } from "./access.ts";
import { isSameHost } from "./plain/origin.ts";

/** Options of {@link createTickets}. */
export interface TicketOptions {
  /** How long a ticket may be used, in milliseconds, at most 30 000. Default 30 000. */
  readonly ttlMs?: number | undefined;
  /** The most tickets that are out at one time; the oldest become void. Default 100 000. */
  readonly maxTickets?: number | undefined;
  /** The clock, in milliseconds. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** Tickets for those who cannot send a header: the browser's own EventSource and WebSocket. */
export interface Tickets {
  /**
   * A ticket for a principal that was authenticated by other means, good for one request of a page of `origin`. The page
   * gives it as `?ticket=`, or as the WebSocket subprotocol `ticket.<ticket>` beside `tidewire.v1`.
   */
  issue(principal: Principal, origin: string): string;
  /** For `authenticate`: takes the request's ticket, once. Undefined for none, a spent one, or another page's. */
  redeem(request: RequestFacts): Principal | undefined;
}

const LONGEST_MS = 30_000;

interface Ticket {
  readonly principal: Principal;
  readonly origin: string;
  readonly until: number;
}

/** Makes a box of tickets. It lives in this process: behind several nodes, issue where the page will dial, or use tokens. */
export function createTickets(options: TicketOptions = {}): Tickets {
  const { ttlMs = LONGEST_MS, maxTickets = 100_000, now = Date.now } = options;
  if (!(ttlMs > 0 && ttlMs <= LONGEST_MS)) {
    throw optionInvalid(
      `\`ttlMs\` is at most ${LONGEST_MS}: a ticket stands in an address, which is logged. Got ${ttlMs}.`,
    );
  }
  const tickets = new Map<string, Ticket>();

  const sweep = () => {
    for (const [oldest, { until }] of tickets) {
      if (until > now() && tickets.size < maxTickets) return;
      tickets.delete(oldest);
    }
  };

  return {
    issue(principal, origin) {
      if (!URL.canParse(origin))
        throw optionInvalid(`A ticket is bound to an origin such as https://a.example, got ${origin}.`);
      sweep();
      const ticket = (crypto.randomUUID() + crypto.randomUUID()).replaceAll("-", "");
      tickets.set(ticket, { principal, origin: new URL(origin).origin, until: now() + ttlMs });
      return ticket;
    },
    redeem(request) {
      const given = ticketOf(request);
      const ticket = given === undefined ? undefined : tickets.get(given);
      if (given === undefined || !ticket) return undefined;
      tickets.delete(given); // Whoever shows it, shows it once.
      return ticket.until > now() && isFrom(ticket.origin, request) ? ticket.principal : undefined;
    },
  };
}

function ticketOf({ url, header }: RequestFacts): string | undefined {
  const offered = header("sec-websocket-protocol")
    ?.split(",")
    .map((each) => each.trim());
  const protocol = offered?.find((each) => each.startsWith("ticket."));
  return protocol?.slice("ticket.".length) ?? url.searchParams.get("ticket") ?? undefined;
}

/** A page that asks its own host may leave its origin out. */
function isFrom(origin: string, { header }: RequestFacts): boolean {
  const given = header("origin");
  return given === undefined ? isSameHost(origin, header("host") ?? header(":authority")) : given === origin;
}
