import { defineConfig } from "tsdown";

export default defineConfig({
  entry: ["src/index.ts"],
  platform: "neutral",
  dts: { generator: "oxc" }, // the examples, which are not built, need no return types
  sourcemap: true,
});
