/** One message, as the event-stream standard dispatches it. */
export type Expected = readonly [data: string, type?: string, id?: string];

/** One body of an event stream, whole, and what the WHATWG standard makes of it. */
export interface ParsingCase {
  /** A fact about the standard's rules. */
  readonly title: string;
  readonly body: string | Uint8Array;
  readonly messages: readonly Expected[];
  /** What the next request sends as Last-Event-ID, where the case is about ids. Default "". */
  readonly resumesAfter?: string;
}

const BOM = "\uFEFF";
const emoji = "data: \u{1F30A} é ü 漢\n\n";

function bytes(...parts: (string | number[])[]): Uint8Array {
  const encoder = new TextEncoder();
  return Uint8Array.from(parts.flatMap((part) => (typeof part === "string" ? [...encoder.encode(part)] : part)));
}

const lines: readonly ParsingCase[] = [
  { title: "LF ends lines", body: "data: a\n\ndata: b\n\n", messages: [["a"], ["b"]] },
  { title: "CRLF ends lines", body: "data: a\r\n\r\ndata: b\r\n\r\n", messages: [["a"], ["b"]] },
  { title: "CR ends lines", body: "data: a\r\rdata: b\r\r:\r", messages: [["a"], ["b"]] },
  { title: "a CR at the very end still ends its line", body: "data: a\r\r", messages: [["a"]] },
  { title: "the ends of lines mix", body: "data: a\r\ndata: b\rdata: c\n\r\n", messages: [["a\nb\nc"]] },
  { title: "CR LF is one end, LF CR is two", body: "data: a\n\rdata: b\r\n\n", messages: [["a"], ["b"]] },
  {
    title: "VT, FF, NEL, U+2028 and U+2029 end no line",
    body: "data: \v\f\u0085\u2028\u2029\n\n",
    messages: [["\v\f\u0085\u2028\u2029"]],
  },
  { title: "blank lines dispatch nothing", body: "\n\n\ndata: a\n\n\n\n", messages: [["a"]] },
];

const data: readonly ParsingCase[] = [
  { title: "data lines join with LF", body: "data: a\ndata: b\n\n", messages: [["a\nb"]] },
  { title: "empty data lines count", body: "data:\ndata: b\ndata:\n\n", messages: [["\nb\n"]] },
  { title: "data without a colon is an empty line of data", body: "data\n\ndata\ndata\n\n", messages: [[""], ["\n"]] },
  {
    title: "one leading space goes, further blanks stay",
    body: "data:  a\n\ndata:b\n\ndata:\tc\n\n",
    messages: [[" a"], ["b"], ["\tc"]],
  },
  { title: "only the first colon separates", body: "data: a: b:c\n\n", messages: [["a: b:c"]] },
  { title: "NUL is data like any other", body: "data: a\0b\n\n", messages: [["a\0b"]] },
  { title: "an event cut before its blank line is dropped", body: "data: a\n\ndata: b\n", messages: [["a"]] },
  { title: "an event cut inside a line is dropped", body: "data: a\n\ndata: b", messages: [["a"]] },
  {
    title: "an event cut inside its CRLF is dispatched, for CR alone ends a line",
    body: "data: a\r\n\r",
    messages: [["a"]],
  },
];

const fields: readonly ParsingCase[] = [
  { title: "comments are nothing", body: ": one\n:\ndata: a\n:two\n\n:\n\n", messages: [["a"]] },
  { title: "unknown fields are nothing", body: "foo: 1\nfoo\ndata: a\nevents: x\n\n", messages: [["a"]] },
  { title: "field names are exact", body: "Data: a\n\ndata : b\n\n data: c\n\nDATA: d\n\n", messages: [] },
  { title: "event names the type", body: "event: tick\ndata: a\n\n", messages: [["a", "tick"]] },
  {
    title: "the last event field wins, and an empty one means message",
    body: "event: x\nevent: y\ndata: a\n\nevent: z\nevent:\ndata: b\n\n",
    messages: [["a", "y"], ["b"]],
  },
  {
    title: "the type does not outlive its event",
    body: "event: x\ndata: a\n\ndata: b\n\n",
    messages: [["a", "x"], ["b"]],
  },
  {
    title: "an event without data is none, and its type is forgotten",
    body: "event: x\n\ndata: a\n\n",
    messages: [["a"]],
  },
  { title: "types lose one leading space", body: "event:  x\ndata: a\n\n", messages: [["a", " x"]] },
  {
    title: "fields come in any order",
    body: "data: a\nid: 1\nevent: x\ndata: b\n\n",
    messages: [["a\nb", "x", "1"]],
    resumesAfter: "1",
  },
];

const ids: readonly ParsingCase[] = [
  {
    title: "an id stays until the next one",
    body: "id: 1\ndata: a\n\ndata: b\n\nid: 2\ndata: c\n\n",
    messages: [
      ["a", "message", "1"],
      ["b", "message", "1"],
      ["c", "message", "2"],
    ],
    resumesAfter: "2",
  },
  {
    title: "an empty id resets it",
    body: "id: 1\ndata: a\n\nid:\ndata: b\n\n",
    messages: [["a", "message", "1"], ["b"]],
  },
  {
    title: "an id without a colon resets it too",
    body: "id: 1\ndata: a\n\nid\ndata: b\n\n",
    messages: [["a", "message", "1"], ["b"]],
  },
  {
    title: "an id with NUL is ignored",
    body: "id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n",
    messages: [
      ["a", "message", "1"],
      ["b", "message", "1"],
    ],
    resumesAfter: "1",
  },
  {
    title: "an id without data counts for what follows",
    body: "id: 7\n\ndata: a\n\n",
    messages: [["a", "message", "7"]],
    resumesAfter: "7",
  },
  {
    title: "an id without data alone is where the next request resumes",
    body: "data: a\n\nid: 8\n\n",
    messages: [["a"]],
    resumesAfter: "8",
  },
  {
    title: "the id of an unfinished event is not where to resume",
    body: "id: 1\ndata: a\n\nid: 2\ndata: b\n",
    messages: [["a", "message", "1"]],
    resumesAfter: "1",
  },
  {
    title: "ids keep their blanks but one",
    body: "id:  x \ndata: a\n\n",
    messages: [["a", "message", " x "]],
    resumesAfter: "x",
  },
];

const retries: readonly ParsingCase[] = [
  { title: "retry alone dispatches nothing", body: "retry: 20\n\ndata: a\n\n", messages: [["a"]] },
  {
    title: "a retry that is no number is ignored",
    body: "retry: 1x\nretry: -1\nretry: 1.5\nretry:\nretry\ndata: a\n\n",
    messages: [["a"]],
  },
];

const encodings: readonly ParsingCase[] = [
  { title: "one byte order mark at the start goes", body: `${BOM}data: a\n\n`, messages: [["a"]] },
  {
    title: "a second byte order mark is part of the name",
    body: `${BOM}${BOM}data: a\n\ndata: b\n\n`,
    messages: [["b"]],
  },
  { title: "a later byte order mark is part of the name", body: `data: a\n\n${BOM}data: b\n\n`, messages: [["a"]] },
  { title: "a byte order mark in data stays", body: `data: ${BOM}a\n\n`, messages: [[`${BOM}a`]] },
  {
    title: "characters of several bytes are whole wherever the cut was",
    body: emoji,
    messages: [["\u{1F30A} é ü 漢"]],
  },
  {
    title: "bytes that are no UTF-8 become U+FFFD",
    body: bytes("data: a", [0xff], "b", [0xe6, 0xbc], "c\n\n"),
    messages: [["a\uFFFDb\uFFFDc"]],
  },
];

/** Every case. The short ones are cut at each byte. */
export const parsingCases: readonly ParsingCase[] = [...lines, ...data, ...fields, ...ids, ...retries, ...encodings];

/** The body of a case as bytes. */
export function bodyOf(parsingCase: ParsingCase): Uint8Array {
  return typeof parsingCase.body === "string" ? new TextEncoder().encode(parsingCase.body) : parsingCase.body;
}

/** The messages of a case with their defaults: type "message", id "". */
export function messagesOf(parsingCase: ParsingCase): { data: string; type: string; id: string }[] {
  return parsingCase.messages.map(([text, type = "message", id = ""]) => ({ data: text, type, id }));
}
