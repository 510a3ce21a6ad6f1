import { boardConfig } from "board/vite";
import { defineConfig } from "vite";
import { angular } from "./vite-angular.ts";

export default defineConfig(boardConfig("angular", angular(import.meta.dirname)));
