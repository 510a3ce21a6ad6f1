import { defaultClientConditions, type PluginOption, type ProxyOptions, type UserConfigFnObject } from "vite";
import { type Board, boards, feedPort } from "./boards.ts";

/** The feed behind the dev server: SSE and WebSocket on one path. */
const realtime: ProxyOptions = {
  target: `http://127.0.0.1:${feedPort}`,
  ws: true,
  configure(proxy) {
    // Otherwise a feed that dies in the middle of a stream is never noticed: the proxy would hold the page's side open.
    proxy.on("proxyRes", (upstream, _request, response) =>
      upstream.on("close", () => {
        if (!upstream.complete) response.destroy();
      }),
    );
  },
};

/** The Vite settings of one board. While developing, Tidewire itself is read from its sources. */
export function boardConfig(name: Board["name"], ...plugins: PluginOption[]): UserConfigFnObject {
  const board = boards.find((one) => one.name === name)!;
  return ({ command }) => ({
    base: board.path,
    plugins,
    resolve: command === "serve" ? { conditions: ["@tidewire/source", ...defaultClientConditions] } : {},
    server: { host: "127.0.0.1", port: board.devPort, strictPort: true, proxy: { "/realtime": realtime } },
  });
}
