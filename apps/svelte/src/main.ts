import "board/board.css";
import { mount } from "svelte";
import BoardPage from "./BoardPage.svelte";

mount(BoardPage, { target: document.querySelector("#board")! });
