import { read, topic } from "../server/guestbook.ts";
import type { Actions, PageServerLoad } from "./$types";

export const load: PageServerLoad = () => read();

export const actions: Actions = {
  async default({ request }) {
    const text = String((await request.formData()).get("text"))
      .trim()
      .slice(0, 200);
    if (text !== "") await topic.publish({ id: crypto.randomUUID(), text });
  },
};
