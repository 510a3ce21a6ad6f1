import "board/board.css";
import { provideZonelessChangeDetection } from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";
import { BoardPage } from "./board-page.ts";

await bootstrapApplication(BoardPage, { providers: [provideZonelessChangeDetection()] });
