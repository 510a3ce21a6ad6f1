import "board/board.css";
import "./stats.css";
import { createClient, overSse } from "@tidewire/core";
import { EVENTS_KEPT, EVENTS_TOPIC, type Reading, STATS_TOPIC, type ToldEvent } from "../reading.ts";
import { showEvent } from "./show-event.ts";
import { showReading } from "./show-reading.ts";
import { showStatus } from "./show-status.ts";

// The browser itself adds what it was let in with: to event streams, but not to WebSockets in every browser.
const client = createClient({ url: "/stats/realtime", transport: overSse });
const readings = client.topic<Reading>(STATS_TOPIC, { from: 1 });

showStatus(readings);
readings.subscribe(showReading);
client.topic<ToldEvent>(EVENTS_TOPIC, { from: EVENTS_KEPT }).subscribe(showEvent);
