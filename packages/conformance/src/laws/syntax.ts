import { parseSync } from "vite";
import type { SourceFile } from "./source-file.ts";

/** What one file imports, re-exports, imports when asked, or takes a type from. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** Gone after compilation. */
  readonly isType: boolean;
}

/** One function, and how long it is. */
export interface FunctionSpan {
  readonly name: string;
  readonly line: number;
  /** Its written lines without those of functions and markup inside it: the logic that has to be read at once. */
  readonly ownLines: number;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "type" in value;

/** The code of a file: of a component, its scripts, with everything else blanked so that lines keep their numbers. */
function codeOf({ path, text }: SourceFile): string {
  if (!/\.(vue|svelte)$/.test(path)) return text;
  const blank = (part: string): string => part.replace(/[^\n]/g, " ");
  let at = 0;
  let code = "";
  for (const { 1: body = "", index } of text.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/g)) {
    const start = text.indexOf(">", index) + 1;
    code += blank(text.slice(at, start)) + body;
    at = start + body.length;
  }
  return code + blank(text.slice(at));
}

function parse(file: SourceFile) {
  const code = codeOf(file);
  const { program, errors } = parseSync(file.path.replace(/\.(vue|svelte)$/, ".ts"), code);
  if (errors.length > 0) throw new SyntaxError(`${file.path}: ${errors[0]?.message}`);
  const lineAt = (offset: number): number => code.slice(0, offset).split("\n").length;
  return { program: program as unknown as Node, code, lineAt };
}

function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) walk(child, visit);
  }
}

const IMPORTING =
  /^(Import|ImportExpression|ImportDeclaration|ExportNamedDeclaration|ExportAllDeclaration|TSImportType)$/;

/** Everything that a file reaches for by name. */
export function importsOf(file: SourceFile): Import[] {
  const { program, lineAt } = parse(file);
  const found: Import[] = [];
  walk(program, (node) => {
    if (!IMPORTING.test(node.type)) return;
    const source = (node["source"] ?? node["argument"]) as { value?: unknown } | null | undefined;
    const isType = node.type === "TSImportType" || node["importKind"] === "type" || node["exportKind"] === "type";
    if (typeof source?.value === "string") found.push({ specifier: source.value, line: lineAt(node.start), isType });
  });
  return found;
}

const FUNCTION = /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/;
/** Templates of components are not counted in Vue and Svelte files; in JSX neither. */
const MARKUP = /^JSX(Element|Fragment)$/;

/** Every function of a file. */
export function functionsOf(file: SourceFile): FunctionSpan[] {
  const { program, code, lineAt } = parse(file);
  const found: FunctionSpan[] = [];
  const isWritten = (line: string): boolean => line.trim() !== "";
  const linesOf = ({ start, end }: Node): number => code.slice(start, end).split("\n").filter(isWritten).length;

  /** The lines inside `node` that belong to functions in it; each of those is measured on its way. */
  function inner(node: Node): number {
    let lines = 0;
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) {
        if (!isNode(child)) continue;
        const nested = inner(child);
        if (MARKUP.test(child.type)) lines += linesOf(child) - 1;
        else if (!FUNCTION.test(child.type)) lines += nested;
        else {
          const whole = linesOf(child);
          const name = isNode(child["id"]) ? String(child["id"]["name"]) : "(anonymous)";
          found.push({ name, line: lineAt(child.start), ownLines: whole - nested });
          lines += whole - 1; // where it begins is a line of its owner too
        }
      }
    }
    return lines;
  }
  inner(program);
  return found;
}
