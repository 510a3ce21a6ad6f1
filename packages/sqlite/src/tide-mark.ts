import { readFileSync, renameSync, writeFileSync } from "node:fs";

/** How far the log of one file had come when that was last noted beside it. */
export interface TideMark {
  readonly lineage: string;
  /** Messages ever appended, of all topics. */
  readonly appended: number;
}

const pathOf = (path: string): string => `${path}-tide`;

/** What was noted beside a file. Undefined where there is nothing, or nothing that can be read. */
export function readTideMark(path: string): TideMark | undefined {
  try {
    const { lineage, appended } = JSON.parse(readFileSync(pathOf(path), "utf8")) as TideMark;
    return typeof lineage === "string" && Number.isSafeInteger(appended) ? { lineage, appended } : undefined;
  } catch {
    return undefined; // A file that is new, or was moved here alone: it is taken at its word.
  }
}

/** Notes how far the log has come: whole, or not at all. */
export function writeTideMark(path: string, mark: TideMark): void {
  writeFileSync(`${pathOf(path)}.new`, JSON.stringify(mark));
  renameSync(`${pathOf(path)}.new`, pathOf(path));
}
