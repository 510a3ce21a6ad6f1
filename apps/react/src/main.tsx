import "board/board.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BoardPage } from "./BoardPage.tsx";

createRoot(document.querySelector("#board")!).render(
  <StrictMode>
    <BoardPage />
  </StrictMode>,
);
