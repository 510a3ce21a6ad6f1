import type { Engine, Entry, Retention } from "@tidewire/server";

/** Copies what is kept of one topic. */
export async function moveTopic(topic: string, from: Engine, to: Engine, retention: Retention): Promise<void> {
  let after: Entry | undefined;
  for (;;) {
    const { entries } = await from.read(topic, after, 1000);
    for (const { payload } of entries) await to.append(topic, payload, retention);
    after = entries.at(-1);
    if (after === undefined) return;
  }
}
