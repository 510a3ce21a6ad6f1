// Loaded into each server before anything else: tells this process's parent of every connection that it opens.
import { subscribe } from "node:diagnostics_channel";

subscribe("net.client.socket", () => {
  process.send?.(new Error("A connection was opened.").stack);
});
process.channel?.unref(); // watching keeps no process alive
