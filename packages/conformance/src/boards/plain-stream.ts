import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";

/** One event, as it stands on the wire. */
export interface PlainEvent {
  readonly event: string;
  readonly id: string;
  readonly data: { readonly text: string };
}

/** Reads so many events as `curl -N` would, by a plain GET, and hangs up. */
export async function readPlainly(
  url: string,
  headers: Readonly<Record<string, string>>,
  wanted: number,
): Promise<PlainEvent[]> {
  const request = get(url, { headers });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) {
    text += chunk;
    const events = [...text.matchAll(/^event: (.*)\nid: (.*)\ndata: (.*)\n\n/gm)];
    if (events.length < wanted) continue;
    return events.map(([, event = "", id = "", data = ""]) => ({ event, id, data: JSON.parse(data) }));
  }
  throw new Error(`The stream ended early (${response.statusCode}): ${text}`);
}
