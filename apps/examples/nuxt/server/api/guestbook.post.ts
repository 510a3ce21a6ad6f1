import { topic } from "../guestbook";

/** Takes the form, with and without JavaScript. */
export default defineEventHandler(async (event) => {
  const { text: given } = await readBody<{ text?: unknown }>(event);
  const text = String(given ?? "")
    .trim()
    .slice(0, 200);
  if (text !== "") await topic.publish({ id: crypto.randomUUID(), text });
  return sendRedirect(event, "/", 303);
});
