import "board/board.css";
import { render } from "solid-js/web";
import { BoardPage } from "./BoardPage.tsx";

render(() => <BoardPage />, document.querySelector("#board")!);
