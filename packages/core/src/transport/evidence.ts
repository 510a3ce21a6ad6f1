/** So much of a body is kept, in characters: reasons are short. */
const MOST_CHARS = 4096;

/** What has not come by then is not waited for, in milliseconds: the reason comes with the status, or never. */
const DEADLINE_MS = 1000;

/** Headers that say when to come back, who is asked for what, or by which name an operator finds the request. */
const TELLING =
  /^(retry-after|www-authenticate|traceparent|cf-ray)$|ratelimit|(request|correlation|trace|vercel|amz-cf)-?id$/;

/** The start of a body as text, as much as came in time. The rest is not read. */
export async function bodyOf({ body }: Response): Promise<string | undefined> {
  if (!body) return undefined;
  const reader = body.getReader();
  const giveUp = (): Promise<void> => reader.cancel().catch(() => {}); // a cut body has nothing to give up
  const deadline = setTimeout(giveUp, DEADLINE_MS);
  const utf8 = new TextDecoder();
  let text = "";
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      text += utf8.decode(part.value, { stream: true });
      if (text.length > MOST_CHARS) break;
    }
  } catch {} // what came before the cut has to do
  clearTimeout(deadline);
  void giveUp();
  return text.slice(0, MOST_CHARS);
}

/** The headers that matter when something went wrong. */
export function tellingHeaders(headers: Headers): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => TELLING.test(name)));
}
