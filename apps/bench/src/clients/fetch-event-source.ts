import { fetchEventSource } from "@microsoft/fetch-event-source";
import type { Told } from "./client.ts";

// It takes timers and the page from these names, even where it is told not to mind the page.
Object.assign(globalThis, { window: globalThis, document: { removeEventListener() {} } });

export async function open(url: string, told: Told): Promise<void> {
  await fetchEventSource(url, {
    openWhenHidden: true,
    async onopen() {
      told.open();
    },
    onmessage({ data }) {
      if (data !== "") told.message(JSON.parse(data)); // it hands on comments as empty messages
    },
    onclose() {
      throw new Error("its documented way to have a clean end dialled again");
    },
  });
}
