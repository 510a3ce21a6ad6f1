import type { Server } from "node:http";
import { createChannel, createSession } from "better-sse";
import type { Message } from "./messages.ts";
import type { Subject } from "./subject.ts";

/** better-sse as its guide has it: one channel; those who return get what they missed as one batch. */
export function serve(server: Server): Subject {
  const channel = createChannel();
  const history: { readonly id: string; readonly message: Message }[] = [];
  let isRetaining = false;
  let last = 0;

  server.on("request", async (request, response) => {
    const session = await createSession(request, response, { keepAlive: null });
    if (session.lastId !== "") {
      const from = Number(session.lastId);
      const missed = history.filter(({ id }) => Number(id) > from);
      await session.batch((buffer) => {
        for (const { id, message } of missed) buffer.push(message, "message", id);
      });
    }
    channel.register(session);
  });
  return {
    publish(message) {
      last += 1;
      const eventId = String(last);
      if (isRetaining) history.push({ id: eventId, message });
      channel.broadcast(message, "message", { eventId });
    },
    async retain() {
      isRetaining = true;
      return String(last);
    },
  };
}
