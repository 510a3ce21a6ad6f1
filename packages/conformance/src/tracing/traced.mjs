// What a server imports that renders pages and answers their lines: traced, and run where only traced files are.
import { createClient } from "@tidewire/core";
import { createHub } from "@tidewire/server";
import { toNodeHandler } from "@tidewire/server/node";
import { DEV } from "@tidewire/wire";

const hub = createHub();
toNodeHandler(hub);
createClient({ url: "http://localhost/realtime" }).close();
await hub.close();
console.log(JSON.stringify({ DEV }));
