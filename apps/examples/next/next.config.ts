import type { NextConfig } from "next";

const config: NextConfig = {
  reactStrictMode: true,
  // What is deployed holds the files that it needs, and no more: `.next/standalone` is copied, and runs as it is.
  output: "standalone",
  outputFileTracingRoot: import.meta.dirname,
  // Left to Node, and traced: `server.ts` and the pages share one copy of each.
  serverExternalPackages: ["@tidewire/server", "@tidewire/wire"],
};
export default config;
