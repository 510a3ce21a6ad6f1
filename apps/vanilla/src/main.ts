import "board/board.css";
import { boardPage } from "./BoardPage.ts";

document.querySelector("#board")!.append(...boardPage());
