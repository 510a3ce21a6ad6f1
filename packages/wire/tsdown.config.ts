import { defineConfig } from "tsdown";

export default defineConfig({
  entry: ["src/index.ts", "src/dev.ts", "src/dev-production.ts"],
  // Which of the two it is, is the application's bundler's choice.
  deps: { neverBundle: ["#dev"] },
  platform: "neutral",
  dts: true,
  sourcemap: true,
});
