import { Component, signal } from "@angular/core";
import { injectRealtime } from "@tidewire/angular";
import { answerWords, assistant, QUESTION_LENGTH } from "board";

@Component({
  selector: "assistant-panel",
  host: { style: "display: contents" },
  template: `
    <section class="panel assistant" aria-labelledby="assistant-title">
      <header class="panel-head">
        <h2 id="assistant-title">Assistant <small>every answer is a topic of its own</small></h2>
        <p class="status-line" [attr.data-answer]="answer.value()?.state" role="status">
          <strong data-testid="answer-state">{{ words(answer.value()) }}</strong>
        </p>
      </header>
      <section
        class="scroll"
        aria-label="Answer"
        aria-live="polite"
        [attr.aria-busy]="answer.value()?.state === 'coming'"
        tabindex="0"
      >
        @if (answer.value(); as shown) {
          <div class="answer">
            <b class="question" data-testid="answer-question">{{ shown.question }}</b>
            <p class="words" data-testid="answer">{{ shown.text }}</p>
          </div>
        } @else {
          <p class="nothing">Ask, and reload the page in the middle of the answer.</p>
        }
      </section>
      <form class="row" (submit)="ask($event)">
        <label class="field">
          <span>About CPU, memory, network, processes</span>
          <input
            #field
            [value]="question()"
            [maxLength]="questionLength"
            autocomplete="off"
            data-testid="ask-input"
            (input)="question.set(field.value)"
          />
        </label>
        <button type="submit" data-testid="ask-send">Ask</button>
      </form>
    </section>
  `,
})
export class AssistantPanel {
  readonly answer = injectRealtime(assistant);
  readonly question = signal("How is the machine?");
  readonly questionLength = QUESTION_LENGTH;
  readonly words = answerWords;

  ask(event: Event) {
    event.preventDefault();
    if (this.question().trim() !== "") assistant.ask(this.question());
  }
}
