import { connection } from "next/server";
import { guestbook } from "../guestbook.ts";
import { Lines } from "./lines.tsx";

async function write(form: FormData) {
  "use server";
  const text = String(form.get("text")).trim().slice(0, 200);
  if (text !== "") await guestbook.topic.publish({ id: crypto.randomUUID(), text });
}

export default async function Page() {
  await connection(); // rendered for each request, not once at build time
  const { lines, cursor } = await guestbook.read();
  return (
    <main>
      <h1>Guestbook</h1>
      <Lines initial={lines} cursor={cursor} />
      <form action={write}>
        <input name="text" aria-label="Your line" required maxLength={200} />
        <button type="submit">Write</button>
      </form>
    </main>
  );
}
