import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The file of the repository at this path. */
export const fileOf = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));

/** The examples of a document: the code blocks that a comment `<!-- example: name -->` stands before. */
export function examplesOf(document: string): ReadonlyMap<string, string> {
  const blocks = document.matchAll(/<!-- example: (\S+) -->\n```\w*\n([\s\S]*?)\n```/g);
  return new Map([...blocks].map(([, name = "", code = ""]) => [name, code]));
}

export const readme: string = readFileSync(fileOf("README.md"), "utf8");
