import { type Answer, answerWords, assistant, QUESTION_LENGTH } from "board";
import { Observable } from "rxjs";
import { markup, part } from "./markup.ts";

export function assistantPanel(): HTMLElement {
  const panel = markup(`
    <section class="panel assistant" aria-labelledby="assistant-title">
      <header class="panel-head">
        <h2 id="assistant-title">Assistant <small>every answer is a topic of its own</small></h2>
        <p class="status-line" role="status"><strong data-testid="answer-state"></strong></p>
      </header>
      <section class="scroll" aria-label="Answer" aria-live="polite" tabindex="0">
        <p class="nothing">Ask, and reload the page in the middle of the answer.</p>
        <div class="answer">
          <b class="question" data-testid="answer-question"></b>
          <p class="words" data-testid="answer"></p>
        </div>
      </section>
      <form class="row">
        <label class="field">
          <span>About CPU, memory, network, processes</span>
          <input value="How is the machine?" maxlength="${QUESTION_LENGTH}" autocomplete="off" data-testid="ask-input" />
        </label>
        <button type="submit" data-testid="ask-send">Ask</button>
      </form>
    </section>
  `);
  const question = part<HTMLInputElement>(panel, "ask-input");
  panel.querySelector("form")!.addEventListener("submit", (event) => {
    event.preventDefault();
    if (question.value.trim() !== "") assistant.ask(question.value);
  });

  const answer$ = new Observable<Answer | undefined>((reader) => assistant.subscribe(reader));
  const state = part(panel, "answer-state");
  answer$.subscribe((answer) => {
    const words = answerWords(answer);
    if (state.textContent !== words) state.textContent = words;
    state.parentElement!.dataset["answer"] = answer?.state ?? "";
    panel.querySelector(".scroll")!.ariaBusy = `${answer?.state === "coming"}`;
    panel.querySelector<HTMLElement>(".nothing")!.hidden = answer !== undefined;
    panel.querySelector<HTMLElement>(".answer")!.hidden = answer === undefined;
    part(panel, "answer-question").textContent = answer?.question ?? "";
    part(panel, "answer").textContent = answer?.text ?? "";
  });
  return panel;
}
