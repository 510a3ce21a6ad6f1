import { hub } from "../guestbook";

/** Nitro waits for open streams before its own "close", so they are ended at the signal. */
export default defineNitroPlugin(() => {
  process.once("SIGTERM", () => hub.close());
});
