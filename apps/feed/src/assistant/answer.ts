import { bytes, type Quantity, rate } from "board/format";
import type { Process } from "board/processes";
import type { Telemetry } from "board/telemetry";

/** What is known when a question comes. */
export interface Knowledge {
  readonly reading: Telemetry | undefined;
  readonly processes: readonly Process[];
}

const inWords = ({ value, unit }: Quantity): string => `${value} ${unit}`;

/** What can be told, and the words of a question that ask for it. */
const chapters: readonly { readonly asks: RegExp; tell(reading: Telemetry, known: Knowledge): string }[] = [
  {
    asks: /cpu|core|load|busy|hot|slow|fast/i,
    tell({ cpu, cores, load }) {
      const busiest = cores.indexOf(Math.max(...cores));
      const mood = cpu < 25 ? "mostly at rest" : cpu < 75 ? "at work" : "hard at work";
      return (
        `The machine is ${mood}: its ${cores.length} cores are ${cpu} % busy. ` +
        `The busiest is core ${busiest + 1} with ${cores[busiest]} %, and the load over a minute is ${load}.`
      );
    },
  },
  {
    asks: /memory|ram|swap|full|space/i,
    tell({ memory: { used, total } }) {
      const part = Math.round((100 * used) / total);
      return `Of ${inWords(bytes(total))} of memory ${inWords(bytes(used))} are taken, which is ${part} %.`;
    },
  },
  {
    asks: /network|traffic|net|sent|send|receiv|wire/i,
    tell({ network: { received, sent } }) {
      return `It receives ${inWords(rate(received))} and sends ${inWords(rate(sent))}, over all its interfaces.`;
    },
  },
  {
    asks: /process|program|running|runs|app|who/i,
    tell(_reading, { processes: [first, second] }) {
      if (first === undefined) return "Which processes are running it does not say.";
      const more = second === undefined ? "" : `, before ${second.name} with ${second.cpu} %`;
      return `Its busiest process is ${first.name}, number ${first.pid}, with ${first.cpu} % of the CPU${more}.`;
    },
  },
];

/** An answer from the newest reading alone: the same question to the same machine gives the same words. */
export function answerTo(question: string, known: Knowledge): string {
  const { reading } = known;
  if (reading === undefined) return "The machine has not been read yet. Ask again in a moment.";
  const asked = chapters.filter(({ asks }) => asks.test(question));
  const told = (asked.length > 0 ? asked : chapters).map((chapter) => chapter.tell(reading, known));
  const end =
    "No model wrote this: the server put it together from its newest reading, and every word is a message of its own. " +
    "Reload the page in the middle, or change the transport: the answer goes on where it was, and no word comes twice.";
  return [...told, end].join(" ");
}

/** The words, each with the space behind it: joined they are the text. */
export function wordsOf(text: string): readonly string[] {
  return text.match(/\S+\s*/g) ?? [];
}
