import { defineConfig } from "tsdown";

export default defineConfig({
  entry: ["src/index.ts"],
  platform: "neutral",
  dts: { oxc: true },
  sourcemap: true,
  unbundle: true,
  checks: { moduleLevelDirective: false },
});
