import { toSignal } from "@angular/core/rxjs-interop";
import { fromEvent, map, type Observable, scan } from "rxjs";
import { webSocket } from "rxjs/webSocket";
import type { Tick } from "../../browser/pace.ts";
import type { Feed } from "../feed.ts";
import { foldAny, initial } from "../fold.ts";
import { mounting } from "./show.ts";

/** As Angular's guides have it: an Observable of the messages, folded by `scan`, as a signal. */
const messages = ({ url, transport }: Feed): Observable<Tick | readonly Tick[]> =>
  transport === "sse"
    ? fromEvent<MessageEvent<string>>(new EventSource(url), "message").pipe(map(({ data }) => JSON.parse(data)))
    : webSocket(url);

export const mount = mounting((feed) =>
  toSignal(messages(feed).pipe(scan(foldAny, initial)), { initialValue: initial }),
);
