import { read } from "../guestbook";

export default defineEventHandler(() => read());
