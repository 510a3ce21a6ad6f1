import { useRealtime } from "@tidewire/react";
import { type Feed, folding } from "../feed.ts";
import { mounting, Show } from "./show.tsx";

export const mount = mounting(function Page({ feed }: { readonly feed: Feed }) {
  const { data } = useRealtime(feed.url, folding(feed));
  return <Show state={data} />;
});
