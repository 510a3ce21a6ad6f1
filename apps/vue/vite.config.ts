import vue from "@vitejs/plugin-vue";
import { boardConfig } from "board/vite";
import { defineConfig } from "vite";

export default defineConfig(boardConfig("vue", vue()));
