/** How long a question may be, in characters. */
export const QUESTION_LENGTH = 200;

/** What the call `ask` is given. The page names its question, so that asking again gives the same answer's topic. */
export interface Question {
  readonly id: string;
  readonly text: string;
}

/** What the call gives back: where the answer comes, or why none does. */
export type Reply = { readonly topic: string } | { readonly problem: string };

/** One message of the answer's topic. */
export interface AnswerPart {
  /** The question's id: topics are used again. */
  readonly id: string;
  readonly text: string;
  readonly isLast: boolean;
}

/** An answer as far as it has come. */
export interface Answer {
  readonly id: string;
  readonly question: string;
  readonly text: string;
  /** `asked`: no topic yet. `lost`: the server was started anew in the middle of it. */
  readonly state: "asked" | "coming" | "whole" | "refused" | "lost";
  readonly topic: string;
  /** Where the answer's topic was left, for the next page. */
  readonly cursor: string;
}

/** Folds one part in. `cursor` is the message's id. */
export function foldAnswer(answer: Answer, part: AnswerPart, cursor: string): Answer {
  const isMine = part.id === answer.id;
  if (answer.state !== "coming" || !isMine) return answer;
  return { ...answer, text: answer.text + part.text, cursor, state: part.isLast ? "whole" : "coming" };
}

/** The question in a value from outside; undefined when there is none. */
export function asQuestion(value: unknown): Question | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { id, text } = value as { readonly [field: string]: unknown };
  if (typeof id !== "string" || id === "" || id.length > 64) return undefined;
  if (typeof text !== "string" || text.trim() === "" || text.length > QUESTION_LENGTH) return undefined;
  return { id, text };
}

const words = {
  asked: "asking",
  coming: "answering",
  whole: "answered",
  refused: "not answered",
  lost: "the server was started anew in the middle of this answer: ask again",
} as const;

/** How the answer stands, in words. */
export function answerWords(answer: Answer | undefined): string {
  return answer === undefined ? "ask about the machine" : words[answer.state];
}
