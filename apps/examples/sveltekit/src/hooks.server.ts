import { hub } from "./server/guestbook.ts";

/** At the signal, the streams first: the server waits for them. */
process.once("SIGTERM", () => hub.close());
