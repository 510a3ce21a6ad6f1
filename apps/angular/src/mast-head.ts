import { Component, input } from "@angular/core";
import { boards, hrefOf } from "board";

@Component({
  selector: "mast-head",
  host: { style: "display: contents" },
  template: `
    <header class="masthead">
      <div class="masthead-in">
        <a class="brand" href="/">Tidewire</a>
        <nav class="segments boards" aria-label="Boards">
          @for (board of boards; track board.name) {
            <a [href]="hrefOf(board)" [attr.aria-current]="board.name === here() ? 'page' : null">{{ board.title }}</a>
          }
        </nav>
      </div>
    </header>
  `,
})
export class MastHead {
  readonly here = input.required<string>();
  readonly boards = boards;
  readonly hrefOf = (board: (typeof boards)[number]) => hrefOf(board, import.meta.env.DEV);
}
