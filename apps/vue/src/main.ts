import "board/board.css";
import { createApp } from "vue";
import BoardPage from "./BoardPage.vue";

createApp(BoardPage).mount("#board");
