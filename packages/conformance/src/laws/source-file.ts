import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** One file of the repository. Laws are judged from these alone, so that a test can hand them files that never existed. */
export interface SourceFile {
  /** From the repository's root, with slashes: `packages/core/src/index.ts`. */
  readonly path: string;
  readonly text: string;
}

/** Judges files; gives one sentence for each breach, and none when the law is kept. */
export type Law = (files: readonly SourceFile[]) => readonly string[];

/** The folder that holds the workspace file, above this one. */
export function repositoryRoot(from: string = import.meta.dirname): string {
  return existsSync(join(from, "pnpm-workspace.yaml")) ? from : repositoryRoot(dirname(from));
}

const WANTED = [
  "{packages,apps}/*/package.json",
  "{packages,apps}/*/README.md",
  "{packages,apps}/*/src/**/*.{ts,tsx,js,vue,svelte}",
];

/** Every source file, package.json and README of the workspace. */
export function readRepository(root: string = repositoryRoot()): SourceFile[] {
  const paths = globSync(WANTED, { cwd: root, exclude: ["**/node_modules/**", "**/dist/**"] });
  return paths.map((path) => ({ path: path.replaceAll("\\", "/"), text: readFileSync(join(root, path), "utf8") }));
}

/** `packages/core` of `packages/core/src/index.ts`. */
export const homeOf = (path: string): string => path.split("/").slice(0, 2).join("/");

/** `core` of `packages/core/src/index.ts`. */
export const nameOf = (path: string): string => path.split("/")[1] ?? "";

/** Tests, their fixtures and everything of the conformance package: they may know anything. */
export const isTest = (path: string): boolean =>
  /\.(test|test-d|fixture|bench)\./.test(path) || nameOf(path) === "conformance";

/** True for what is compiled or bundled, as opposed to package.json and README. */
export const isCode = (path: string): boolean => path.includes("/src/");
