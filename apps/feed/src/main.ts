import { fileURLToPath } from "node:url";
import { feedPort } from "board/boards";
import { startFeed } from "./feed.ts";

const host = process.env["HOST"] || "127.0.0.1";
const port = Number(process.env["PORT"] || feedPort);
const dataDir = process.env["TIDEWIRE_DATA"] || fileURLToPath(new URL("../.data", import.meta.url));
const statsToken = process.env["FEED_STATS_TOKEN"] || undefined;

/** A shorter token could be guessed. */
const TOKEN_LENGTH = 16;
/** How long the readers have to hang up before the process ends without them. */
const CLOSE_WITHIN_MS = 3000;

if (!Number.isInteger(port) || port < 0 || port > 65_535) fail(`PORT is "${process.env["PORT"]}": use 0 to 65535.`);
if (statsToken !== undefined && statsToken.length < TOKEN_LENGTH)
  fail(`FEED_STATS_TOKEN is too short: use ${TOKEN_LENGTH} characters or more.`);
const say = (line: string): void => console.log(line);
const feed = await startFeed({ host, port, dataDir, statsToken, say }).catch((error: Error) => fail(error.message));
const shownHost = ["127.0.0.1", "0.0.0.0", "::", "::1"].includes(host) ? "localhost" : host;
say(`Tidewire is at http://${shownHost}:${feed.port}/`);
if (statsToken !== undefined) say(`The hub's own figures are at http://${shownHost}:${feed.port}/stats/`);

let isClosing = false;
function close(): void {
  if (isClosing) process.exit(1); // asked twice: at once
  isClosing = true;
  say("Closing.");
  setTimeout(() => process.exit(1), CLOSE_WITHIN_MS).unref();
  feed.close().then(
    () => process.exit(0),
    (error: Error) => fail(error.message),
  );
}
process.on("SIGINT", close);
process.on("SIGTERM", close);

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
