import type { Topic } from "@tidewire/core";
import { statusSentence } from "board/status";

const COUNTDOWN_EVERY_MS = 250;

/** Says how the page's own line is doing. */
export function showStatus({ status$ }: Pick<Topic, "status$">): void {
  const line = document.querySelector<HTMLElement>("#status")!;
  const word = line.querySelector("strong")!;
  const more = line.querySelector(".more")!;
  let countdown: ReturnType<typeof setInterval> | undefined;

  status$.subscribe((status) => {
    const say = (): void => {
      more.textContent = statusSentence(status, Date.now());
    };
    line.dataset["status"] = status.status;
    word.textContent = status.status;
    say();
    clearInterval(countdown);
    countdown = status.status === "waiting" ? setInterval(say, COUNTDOWN_EVERY_MS) : undefined;
  });
}
