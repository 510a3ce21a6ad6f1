import { boardConfig } from "board/vite";
import { defineConfig } from "vite";

export default defineConfig(boardConfig("vanilla"));
