import type { ServerResponse } from "node:http";
import type { Line, LineEvents } from "../line.ts";
import { FULL_ANSWER_BYTES } from "../session/polls.ts";

/** A poll is held this long unless the client asks otherwise, in milliseconds. */
const DEFAULT_WAIT_MS = 25_000;
const LONGEST_WAIT_MS = 55_000;

/** A line that ends with its first news. */
export interface PollLine extends Line {
  attach(events: LineEvents): void;
  /** The hello was done: ends now when there is news, else with the first news or after `waitMs`. */
  begun(hasNews: boolean, waitMs: number | undefined): void;
}

/** A response that is written whole, once there is something to say. */
export function pollLine(response: ServerResponse, headers: Record<string, string>): PollLine {
  const parts: Uint8Array[] = [];
  let length = 0;
  let isWaiting = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const end = () => {
    clearTimeout(timer);
    if (response.writableEnded) return;
    response.writeHead(200, { ...headers, "Content-Length": String(Math.max(0, length)) });
    for (const part of parts) response.write(part);
    response.end();
  };

  return {
    write(bytes) {
      if (response.writableEnded) return false;
      if (parts.length > 0) {
        parts.push(Buffer.from("\n"));
        length += 1;
      }
      parts.push(bytes);
      length += bytes.byteLength;
      if (isWaiting) end();
      return !isWaiting && length < FULL_ANSWER_BYTES;
    },
    beat() {},
    close: end,
    begun(hasNews, waitMs) {
      if (hasNews || response.destroyed) return end();
      isWaiting = true;
      timer = setTimeout(end, Math.min(waitMs ?? DEFAULT_WAIT_MS, LONGEST_WAIT_MS));
    },
    attach(events) {
      response.on("error", () => response.destroy()); // The client left: "close" tells the hub.
      response.on("close", () => {
        clearTimeout(timer);
        events.closed();
      });
    },
  };
}
