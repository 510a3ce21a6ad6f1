import { boards, hrefOf } from "board";
import { For } from "solid-js";

export function MastHead(props: { here: string }) {
  return (
    <header class="masthead">
      <div class="masthead-in">
        <a class="brand" href="/">
          Tidewire
        </a>
        <nav class="segments boards" aria-label="Boards">
          <For each={boards}>
            {(board) => (
              <a
                href={hrefOf(board, import.meta.env.DEV)}
                aria-current={board.name === props.here ? "page" : undefined}
              >
                {board.title}
              </a>
            )}
          </For>
        </nav>
      </div>
    </header>
  );
}
