import { createRealtime } from "@tidewire/solid";

export function LivePrice() {
  const tick = createRealtime<{ price: number }>("https://example.com/ticks");
  return <output aria-busy={tick.status !== "open"}>{tick()?.price ?? "…"}</output>;
}
