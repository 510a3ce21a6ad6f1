import { useEffect, useState } from "react";
import { useEventSource } from "react-use-websocket";
// By its path, as bundlers do not agree on what the default of a CommonJS package is.
import { useWebSocket } from "react-use-websocket/dist/lib/use-websocket.js";
import type { Tick } from "../../browser/pace.ts";
import type { Feed } from "../feed.ts";
import { foldAny, initial } from "../fold.ts";
import { mounting, Show } from "./show.tsx";

/** As its README has it: the last message is state, and an effect folds it. */
function OverWebSocket({ feed }: { readonly feed: Feed }) {
  const [state, setState] = useState(initial);
  const { lastJsonMessage } = useWebSocket<Tick | readonly Tick[] | null>(feed.url);
  useEffect(() => {
    if (lastJsonMessage !== null) setState((before) => foldAny(before, lastJsonMessage));
  }, [lastJsonMessage]);
  return <Show state={state} />;
}

function OverSse({ feed }: { readonly feed: Feed }) {
  const [state, setState] = useState(initial);
  const { lastEvent } = useEventSource(feed.url, { events: { message: () => {} } });
  useEffect(() => {
    if (lastEvent) setState((before) => foldAny(before, JSON.parse(lastEvent.data)));
  }, [lastEvent]);
  return <Show state={state} />;
}

export const mount = mounting(function Page({ feed }: { readonly feed: Feed }) {
  return feed.transport === "sse" ? <OverSse feed={feed} /> : <OverWebSocket feed={feed} />;
});
