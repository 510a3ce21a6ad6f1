import { createServer } from "node:http";
import { join } from "node:path";
import { createHub } from "@tidewire/server";
import { toNodeHandler } from "@tidewire/server/node";
import { CHART_READINGS, type Telemetry } from "board/telemetry";
import { openChatBook } from "./chat/book.ts";
import { openChat } from "./chat/chat.ts";
import { listen } from "./listen.ts";
import { createSite } from "./site.ts";
import { readMachine } from "./telemetry/machine.ts";
import { publishTelemetry } from "./telemetry/telemetry.ts";

export interface FeedOptions {
  readonly host: string;
  /** 0 is any free port; one that is taken makes it the next free one. */
  readonly port: number;
  /** The folder of the chat's lines. */
  readonly dataDir: string;
  readonly say: (line: string) => void;
}

/** A running feed. */
export interface Feed {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts the feed: one hub at /realtime, and the boards beside it, on one port. */
export async function startFeed({ host, port: wanted, dataDir, say }: FeedOptions): Promise<Feed> {
  const stopping = new AbortController();
  const hub = createHub();
  const telemetry = hub.topic<Telemetry>("telemetry", { retainMessages: CHART_READINGS });
  await openChat(hub, openChatBook(join(dataDir, "chat.jsonl")));

  const realtime = toNodeHandler(hub, { path: "/realtime" });
  const site = createSite();
  const server = createServer((request, response) => {
    realtime(request, response, () => site(request, response));
  });
  server.on("upgrade", (request, socket, head) => {
    if (realtime.handleUpgrade(request, socket, head)) return;
    socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  });

  const port = await listen(server, host, wanted, say);
  const published = publishTelemetry(readMachine(), telemetry, stopping.signal, say);
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
