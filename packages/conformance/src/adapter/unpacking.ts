import { createGunzip } from "node:zlib";
import type { Answer, Serving } from "./driver.ts";

/** A serving whose client takes gzip, and unpacks it to the letter: a body that ends without its checksum is an error. */
export function unpacking(serving: Serving): Serving {
  return {
    ...serving,
    async ask(path, ask = {}) {
      const answer = await serving.ask(path, { ...ask, headers: { "accept-encoding": "gzip", ...ask.headers } });
      return answer.headers.get("content-encoding") === "gzip" ? unpacked(answer) : answer;
    },
  };
}

function unpacked(answer: Answer): Answer {
  const body = createGunzip();
  body.on("error", () => {}); // Also what aborting gives; whoever reads the body hears of it.
  answer.body.on("close", () => {
    if (!answer.body.readableEnded) body.destroy();
  });
  answer.body.pipe(body);
  return { ...answer, body };
}
