import type { LineEnd } from "../transport/transport.ts";

/** A hub refuses by the frame `bye`: that is its own word, and not what a balancer or a portal answers in its place. */
export function ownWord(end: LineEnd): LineEnd {
  return end.error?.detail.body?.startsWith('{"k":"bye"') ? { ...end, isAnswer: false } : end;
}
