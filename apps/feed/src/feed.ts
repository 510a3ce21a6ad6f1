import { createServer } from "node:http";
import { createHub } from "@tidewire/server";
import { toNodeHandler } from "@tidewire/server/node";
import { PROCESSES_TOLD, type Process } from "board/processes";
import { CHART_READINGS, type Telemetry } from "board/telemetry";
import { openAssistant } from "./assistant/assistant.ts";
import { openChat } from "./chat/chat.ts";
import { openTyping } from "./chat/typing.ts";
import { openEngine } from "./engine.ts";
import { listen } from "./listen.ts";
import { createSite } from "./site.ts";
import { openStats } from "./stats/stats.ts";
import { readMachine } from "./telemetry/machine.ts";
import { publishProcesses, readProcesses } from "./telemetry/processes.ts";
import { publishTelemetry } from "./telemetry/telemetry.ts";

export interface FeedOptions {
  readonly host: string;
  /** 0 is any free port; one that is taken makes it the next free one. */
  readonly port: number;
  /** The folder of the chat's log. */
  readonly dataDir: string;
  /** Who knows it may see the hub's own figures, at /stats/. Default: nobody may, and nothing is there. */
  readonly statsToken?: string | undefined;
  readonly say: (line: string) => void;
}

/** A running feed. */
export interface Feed {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts the feed: one hub at /realtime, and the boards beside it, on one port. */
export async function startFeed(options: FeedOptions): Promise<Feed> {
  const { host, port: wanted, dataDir, statsToken, say } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const stats = openStats(statsToken);
  const hub = createHub({ ...stats.hubOptions, engine: openEngine(dataDir) });
  const machine = readMachine();
  let busiest: readonly Process[] = [];
  openChat(hub);
  openTyping(hub, signal);
  openAssistant(hub, () => ({ reading: machine.newest, processes: busiest }), signal);
  stats.publish(hub);

  const doors = ["/realtime", ...stats.doors].map((path) => toNodeHandler(hub, { path }));
  const site = createSite(stats.page);
  const server = createServer((request, response) => {
    if (!doors.some((door) => door(request, response))) site(request, response);
  });
  server.on("upgrade", (request, socket, head) => {
    if (doors.some((door) => door.handleUpgrade(request, socket, head))) return;
    socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  });

  const port = await listen(server, host, wanted, say);
  const telemetry = hub.topic<Telemetry>("telemetry", { retainMessages: CHART_READINGS });
  const processes = hub.topic<Process>("processes", { retainMessages: PROCESSES_TOLD });
  const look = async (): Promise<readonly Process[]> => {
    busiest = await readProcesses();
    return busiest;
  };
  const published = Promise.all([
    publishTelemetry(machine, telemetry, signal, say),
    publishProcesses(look, processes, signal, say),
  ]);
  return {
    port,
    async close() {
      stopping.abort();
      await published;
      const closed = new Promise((resolve) => server.close(resolve));
      await hub.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
