import { boardConfig } from "board/vite";
import { defineConfig } from "vite";
import solid from "vite-plugin-solid";

export default defineConfig(boardConfig("solid", solid()));
