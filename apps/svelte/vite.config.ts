import { svelte } from "@sveltejs/vite-plugin-svelte";
import { boardConfig } from "board/vite";
import { defineConfig } from "vite";

export default defineConfig(boardConfig("svelte", svelte()));
