import { useRealtime } from "@tidewire/react";

export function LivePrice() {
  const { data, status } = useRealtime<{ price: number }>("https://example.com/ticks");
  return <output aria-busy={status !== "open"}>{data?.price ?? "…"}</output>;
}
