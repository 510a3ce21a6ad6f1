import { createChannel, createSession } from "better-sse";
import { createEventSource } from "eventsource-client";
import type { LedgerSubject } from "./subject.ts";

/** better-sse with a channel per topic and a history of its own that outlives restarts; eventsource-client reads. */
export function betterSse(): LedgerSubject {
  const history: { readonly topic: string; readonly n: number }[] = [];
  let channels = new Map<string, ReturnType<typeof createChannel>>();
  const channelOf = (topic: string) => {
    const channel = channels.get(topic) ?? createChannel();
    channels.set(topic, channel);
    return channel;
  };
  return {
    start(server) {
      channels = new Map();
      server.on("request", async (request, response) => {
        const topics = new URL(request.url ?? "", "http://localhost").searchParams.getAll("topic");
        const session = await createSession(request, response);
        const from = session.lastId === "" ? 0 : Number(session.lastId);
        await session.batch((buffer) => {
          for (const [index, { topic, n }] of history.slice(from).entries()) {
            if (topics.includes(topic)) buffer.push(n, topic, String(from + index + 1));
          }
        });
        for (const topic of topics) channelOf(topic).register(session);
      });
    },
    async stop() {},
    publish(topic, n) {
      history.push({ topic, n });
      channelOf(topic).broadcast(n, topic, { eventId: String(history.length) });
    },
    open(url, topics, told) {
      const address = new URL(url);
      for (const topic of topics) address.searchParams.append("topic", topic);
      const source = createEventSource({
        url: address,
        onConnect: () => told.open(),
        onDisconnect: () => told.lost(),
        onMessage: ({ event, data }) => told.message(event ?? "", Number(data)),
      });
      return () => source.close();
    },
  };
}
