import { boards, hrefOf } from "board";
import { markup } from "./markup.ts";

export function mastHead(here: string): HTMLElement {
  return markup(`
    <header class="masthead">
      <div class="masthead-in">
        <a class="brand" href="/">Tidewire</a>
        <nav class="segments boards" aria-label="Boards">
          ${boards
            .map(
              (board) => `
                <a href="${hrefOf(board, import.meta.env.DEV)}" ${board.name === here ? 'aria-current="page"' : ""}>
                  ${board.title}
                </a>`,
            )
            .join("")}
        </nav>
      </div>
    </header>
  `);
}
