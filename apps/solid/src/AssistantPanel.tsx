import { createRealtime } from "@tidewire/solid";
import { answerWords, assistant, QUESTION_LENGTH } from "board";
import { createSignal, Show } from "solid-js";

export function AssistantPanel() {
  const answer = createRealtime(assistant);
  const isComing = () => answer()?.state === "coming";
  const [question, setQuestion] = createSignal("How is the machine?");

  function ask(event: SubmitEvent) {
    event.preventDefault();
    if (question().trim() !== "") assistant.ask(question());
  }

  return (
    <section class="panel assistant" aria-labelledby="assistant-title">
      <header class="panel-head">
        <h2 id="assistant-title">
          Assistant <small>every answer is a topic of its own</small>
        </h2>
        <p class="status-line" data-answer={answer()?.state} role="status">
          <strong data-testid="answer-state">{answerWords(answer())}</strong>
        </p>
      </header>
      <section class="scroll" aria-label="Answer" aria-live="polite" aria-busy={isComing()} tabindex={0}>
        <Show when={answer()} fallback={<p class="nothing">Ask, and reload the page in the middle of the answer.</p>}>
          {(shown) => (
            <div class="answer">
              <b class="question" data-testid="answer-question">
                {shown().question}
              </b>
              <p class="words" data-testid="answer">
                {shown().text}
              </p>
            </div>
          )}
        </Show>
      </section>
      <form class="row" onSubmit={ask}>
        <label class="field">
          <span>About CPU, memory, network, processes</span>
          <input
            value={question()}
            onInput={(event) => setQuestion(event.currentTarget.value)}
            maxlength={QUESTION_LENGTH}
            autocomplete="off"
            data-testid="ask-input"
          />
        </label>
        <button type="submit" data-testid="ask-send">
          Ask
        </button>
      </form>
    </section>
  );
}
