import { isCode, isTest, type Law, type SourceFile } from "./source-file.ts";
import { functionsOf } from "./syntax.ts";

const MOST_LINES = 300;
const MEDIAN_LINES = 100;
const MOST_OWN_LINES = 50;

/** Names that tell nothing: a file that needs one has no job, or two. */
const NAMELESS = new Set(["util", "utils", "helper", "helpers", "common", "types", "manager", "managers", "misc"]);

const sources = (files: readonly SourceFile[]): SourceFile[] =>
  files.filter(({ path }) => isCode(path) && !isTest(path));
const linesOf = ({ text }: SourceFile): number => text.trimEnd().split("\n").length;

/** No source file is longer than 300 lines. */
export const filesAreShort: Law = (files) =>
  sources(files)
    .filter((file) => linesOf(file) > MOST_LINES)
    .map((file) => `${file.path} has ${linesOf(file)} lines: split it, ${MOST_LINES} is the most.`);

/** Half of all files have fewer than 100 lines. */
export const mostFilesAreSmall: Law = (files) => {
  const lengths = sources(files).map(linesOf);
  const median = lengths.sort((a, b) => a - b)[lengths.length >> 1] ?? 0;
  return median < MEDIAN_LINES ? [] : [`The median file has ${median} lines; it is to be below ${MEDIAN_LINES}.`];
};

/** No function has more than 50 lines of its own; the functions inside it count for themselves. */
export const functionsAreShort: Law = (files) =>
  sources(files).flatMap((file) =>
    functionsOf(file)
      .filter(({ ownLines }) => ownLines > MOST_OWN_LINES)
      .map(
        ({ name, line, ownLines }) =>
          `${file.path}:${line}: ${name} has ${ownLines} lines of its own; ${MOST_OWN_LINES} is the most.`,
      ),
  );

/** Every file and folder is named after its job. */
export const namesSaySomething: Law = (files) =>
  files
    .filter(({ path }) => isCode(path))
    .flatMap(({ path }) => {
      const bad = path
        .split("/")
        .slice(3)
        .flatMap((part) => part.toLowerCase().split(/[.\-_]/))
        .find((word) => NAMELESS.has(word));
      return bad === undefined ? [] : [`${path}: "${bad}" says nothing about its job.`];
    });
