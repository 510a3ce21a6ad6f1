import { dirname, normalize } from "node:path/posix";
import { homeOf, isCode, isTest, type Law, nameOf, type SourceFile } from "./source-file.ts";
import { importsOf } from "./syntax.ts";

/** Which packages a package may import. The way is one: from the wire to the screen. */
const MAY_IMPORT: ReadonlyMap<string, readonly string[]> = new Map([
  ["wire", []],
  ["core", ["wire"]],
  ["react", ["core"]],
  ["vue", ["core"]],
  ["svelte", ["core"]],
  ["angular", ["core"]],
  ["solid", ["core"]],
  ["server", ["wire"]],
  ["sqlite", ["wire", "server"]],
  ["redis", ["wire", "server"]],
  ["nats", ["wire", "server"]],
  ["nest", ["wire", "server"]],
  ["testing", ["wire", "core", "server"]],
  ["devtools", ["wire", "core"]],
  ["cli", ["wire", "core", "server"]],
]);

/** The rooms of core, in the order in which a message walks through them. A room knows those before it. */
const ROOMS = ["transport", "connection", "stream", "client", "store", "tabs"];

const code = (files: readonly SourceFile[]): SourceFile[] => files.filter(({ path }) => isCode(path));
const packageOf = (specifier: string): string | undefined => /^@tidewire\/([^/]+)/.exec(specifier)?.[1];

/** The file that a relative import means, as a path from the root; undefined for packages. */
function target(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  return normalize(`${dirname(from)}/${specifier}`).replace(/\.svelte\.js$/, ".svelte.ts");
}

/** Packages import each other one way. */
export const packagesImportOneWay: Law = (files) =>
  code(files).flatMap((file) => {
    const { path } = file;
    if (!path.startsWith("packages/") || isTest(path)) return [];
    const allowed = MAY_IMPORT.get(nameOf(path));
    if (allowed === undefined)
      return [`${path}: the package "${nameOf(path)}" has no place in the order of packages yet.`];
    return importsOf(file).flatMap(({ specifier, line }) => {
      const other = packageOf(specifier);
      if (other === undefined || other === nameOf(path) || allowed.includes(other)) return [];
      return [
        `${path}:${line}: ${nameOf(path)} must not import ${specifier}; it may import ${allowed.join(", ") || "none"}.`,
      ];
    });
  });

/** Nothing imports the conformance package or an app. */
export const nobodyImportsTheTop: Law = (files) =>
  code(files).flatMap((file) => {
    if (nameOf(file.path) === "conformance") return [];
    return importsOf(file)
      .filter(({ specifier }) => packageOf(specifier) === "conformance" && !isTest(file.path))
      .map(({ specifier, line }) => `${file.path}:${line}: only tests may import ${specifier}.`);
  });

/** A relative import stays in its package. */
export const relativeImportsStayHome: Law = (files) =>
  code(files).flatMap((file) =>
    importsOf(file).flatMap(({ specifier, line, isType }) => {
      const to = target(file.path, specifier);
      if (to === undefined || homeOf(to) === homeOf(file.path)) return [];
      // A suite that puts a mutant in an internal's place names its type; nothing of it is left at run time.
      if (isType && nameOf(file.path) === "conformance") return [];
      // The workspace's own tools have no package to name; tests and benchmarks may use them.
      if (to.startsWith(".ci/") && (isTest(file.path) || file.path.startsWith("apps/bench/"))) return [];
      // A benchmark puts the same processes on the stage as the test of the same thing.
      if (to.startsWith("packages/conformance/") && file.path.startsWith("apps/bench/")) return [];
      return [`${file.path}:${line}: ${specifier} leaves the package: import it by the package's name.`];
    }),
  );

const roomOf = (path: string): number => ROOMS.indexOf(/^packages\/core\/src\/([^/]+)\//.exec(path)?.[1] ?? "");

/** Inside core a room imports the rooms before it. */
export const roomsOfCoreImportOneWay: Law = (files) =>
  code(files).flatMap((file) => {
    if (!/^packages\/core\/src\/[^/]+\//.test(file.path) || isTest(file.path)) return [];
    const room = roomOf(file.path);
    if (room === -1) return [`${file.path}: is in no room of core; the rooms are ${ROOMS.join(", ")}.`];
    return importsOf(file).flatMap(({ specifier, line }) => {
      const to = target(file.path, specifier);
      if (to === undefined || !to.startsWith("packages/core/")) return [];
      if (roomOf(to) !== -1 && roomOf(to) <= room) return [];
      return [`${file.path}:${line}: ${ROOMS[room]} must not import ${specifier}: the order is ${ROOMS.join(" <- ")}.`];
    });
  });

/** No file of a package comes back to itself, however long the way round, not even by a type: what is below knows nothing of what is above. */
export const noCycles: Law = (files) => {
  const sources = code(files).filter(({ path }) => !isTest(path));
  const knows = (file: SourceFile): string[] =>
    importsOf(file).flatMap(({ specifier }) => target(file.path, specifier) ?? []);
  const graph = new Map(sources.map((file) => [file.path, knows(file)]));
  const complaints: string[] = [];
  const done = new Set<string>();
  function visit(path: string, way: readonly string[]): void {
    const seenAt = way.indexOf(path);
    if (seenAt !== -1) complaints.push(`${[...way.slice(seenAt), path].join(" -> ")} is a cycle.`);
    if (seenAt !== -1 || done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...way, path]);
    done.add(path);
  }
  for (const path of graph.keys()) visit(path, []);
  return complaints;
};
