import type { Status } from "@tidewire/core";
import { statusSentence } from "board";
import { map, type Observable, of, switchMap, timer } from "rxjs";
import { markup, part } from "./markup.ts";

export function statusLine(name: string, status$: Observable<Status>, testId: string): HTMLElement {
  const line = markup(`
    <p class="status-line">
      <span role="status">
        <span class="unseen">${name} is </span>
        <strong data-testid="${testId}"></strong>
      </span>
      <span class="more"></span>
    </p>
  `);
  const word = part(line, testId);
  const more = line.querySelector(".more")!;

  const ticking$ = status$.pipe(
    switchMap((status) => (status.status === "waiting" ? timer(0, 250).pipe(map(() => status)) : of(status))),
  );
  ticking$.subscribe((status) => {
    line.dataset["status"] = status.status;
    if (word.textContent !== status.status) word.textContent = status.status;
    more.textContent = statusSentence(status, Date.now());
  });
  return line;
}
