import { defineConfig } from "vite";

// The page at /stats/; the server itself is not built.
export default defineConfig({
  root: "src/stats/page",
  base: "/stats/",
  build: { outDir: "../../../dist", emptyOutDir: true },
});
