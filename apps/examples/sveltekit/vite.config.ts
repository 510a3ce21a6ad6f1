import adapter from "@sveltejs/adapter-node";
import { sveltekit } from "@sveltejs/kit/vite";
import { defineConfig } from "vite";

export default defineConfig({
  // Without a proxy in front that says so, SvelteKit takes its pages to be served over https, and refuses their forms.
  plugins: [sveltekit({ adapter: adapter(), paths: { origin: process.env["ORIGIN"] } })],
});
