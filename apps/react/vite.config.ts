import react from "@vitejs/plugin-react";
import { boardConfig } from "board/vite";
import { defineConfig } from "vite";

export default defineConfig(boardConfig("react", react()));
