import { createHash, timingSafeEqual } from "node:crypto";
import type { HubOptions } from "@tidewire/server";
import { OWN_TOPICS } from "./reading.ts";

/** The line for operators. */
export const OPERATORS_DOOR = "/stats/realtime";
const OPERATOR = { id: "operator" };
const ANYBODY = { id: "anybody" };

/** Whether a header `Authorization` proves that somebody is an operator. */
export type IsOperator = (authorization: string | undefined) => boolean;

/** HTTP Basic with any name, and the token as password. The time that it takes tells nothing of the token. */
export function basicAuth(token: string): IsOperator {
  const wanted = digest(token);
  return (authorization = "") => {
    const encoded = /^basic +([\w+/=-]+)$/i.exec(authorization)?.[1] ?? "";
    const given = Buffer.from(encoded, "base64").toString();
    return timingSafeEqual(digest(given.slice(given.indexOf(":") + 1)), wanted);
  };
}

/** What a hub asks of those who come: nothing, but for its own topics. Without operators those are nobody's. */
export function hubLocks(isOperator: IsOperator | undefined): Pick<HubOptions, "authenticate" | "authorize"> {
  return {
    authorize: (principal, topic, action) =>
      !topic.startsWith(OWN_TOPICS) || (action === "subscribe" && principal?.id === OPERATOR.id),
    authenticate:
      isOperator &&
      (({ url, header }) => {
        if (!url.pathname.startsWith(OPERATORS_DOOR)) return ANYBODY;
        return isOperator(header("authorization")) ? OPERATOR : undefined;
      }),
  };
}

/** All of one length, so that they can be compared. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
