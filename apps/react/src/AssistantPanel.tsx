import { useRealtime } from "@tidewire/react";
import { answerWords, assistant, QUESTION_LENGTH } from "board";
import { type FormEvent, useState } from "react";

export function AssistantPanel() {
  const { data: answer } = useRealtime(assistant);
  const isComing = answer?.state === "coming";
  const [question, setQuestion] = useState("How is the machine?");

  function ask(event: FormEvent) {
    event.preventDefault();
    if (question.trim() !== "") assistant.ask(question);
  }

  return (
    <section className="panel assistant" aria-labelledby="assistant-title">
      <header className="panel-head">
        <h2 id="assistant-title">
          Assistant <small>every answer is a topic of its own</small>
        </h2>
        <p className="status-line" data-answer={answer?.state} role="status">
          <strong data-testid="answer-state">{answerWords(answer)}</strong>
        </p>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard */}
      <section className="scroll" aria-label="Answer" aria-live="polite" aria-busy={isComing} tabIndex={0}>
        {answer === undefined ? (
          <p className="nothing">Ask, and reload the page in the middle of the answer.</p>
        ) : (
          <div className="answer">
            <b className="question" data-testid="answer-question">
              {answer.question}
            </b>
            <p className="words" data-testid="answer">
              {answer.text}
            </p>
          </div>
        )}
      </section>
      <form className="row" onSubmit={ask}>
        <label className="field">
          <span>About CPU, memory, network, processes</span>
          <input
            value={question}
            onChange={(event) => setQuestion(event.target.value)}
            maxLength={QUESTION_LENGTH}
            autoComplete="off"
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
