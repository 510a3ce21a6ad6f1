import { homeOf, type Law, nameOf, type SourceFile } from "./source-file.ts";

type Exports = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

/** As much of a package.json as the laws speak of. */
interface Manifest {
  readonly name?: string;
  readonly description?: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly type?: string;
  readonly sideEffects?: unknown;
  readonly files?: readonly string[];
  readonly engines?: { readonly node?: string };
  readonly imports?: Exports;
  readonly exports?: Exports;
  readonly publishConfig?: { readonly access?: string; readonly exports?: Exports };
}

const SOURCE = "@tidewire/source";

/** The manifests of the packages that are published. */
function published(files: readonly SourceFile[]): { path: string; manifest: Manifest }[] {
  return files
    .filter(({ path }) => /^packages\/[^/]+\/package\.json$/.test(path))
    .map(({ path, text }) => ({ path, manifest: JSON.parse(text) as Manifest }))
    .filter(({ manifest }) => manifest.private !== true);
}

/** Published packages have one shape. */
export const manifestsHaveOneShape: Law = (files) =>
  published(files).flatMap(({ path, manifest }) => {
    const facts: [boolean, string][] = [
      [manifest.name === `@tidewire/${nameOf(path)}`, `its name is @tidewire/${nameOf(path)}`],
      [(manifest.description ?? "") !== "", "it has a description"],
      [manifest.license === "MIT", 'its license is "MIT"'],
      [manifest.type === "module", 'its type is "module"'],
      [
        Array.isArray(manifest.sideEffects) || manifest.sideEffects === false,
        '"sideEffects" is false, or names the files that have some',
      ],
      [manifest.engines?.node === ">=22.12", 'it asks for node ">=22.12"'],
      [
        manifest.files?.includes("dist") === true && !manifest.files.includes("src"),
        'its files are "dist", without "src"',
      ],
      [manifest.publishConfig?.access === "public", 'publishConfig.access is "public"'],
    ];
    return facts.flatMap(([holds, fact]) => (holds ? [] : [`${path}: is to be true that ${fact}.`]));
  });

/** In the workspace an entry leads to its source, in the registry to what was built. */
export const entriesLeadToSourceAtHomeOnly: Law = (files) =>
  published(files).flatMap(({ path, manifest }) => {
    const entries = Object.entries(manifest.exports ?? {}).filter(([entry]) => entry !== "./package.json");
    const shipped = manifest.publishConfig?.exports ?? {};
    const known = new Set(files.map((file) => file.path));
    const atHome = entries.flatMap(([entry, conditions]) => {
      if (typeof conditions === "string")
        return conditions.startsWith("./dist/") ? [] : [`${path}: exports["${entry}"] needs conditions.`];
      const keys = Object.keys(conditions);
      const source = `${homeOf(path)}/${conditions[SOURCE]?.replace("./", "")}`;
      if (keys[0] !== SOURCE || keys.at(-1) !== "default")
        return [`${path}: exports["${entry}"] begins with "${SOURCE}" and ends with "default".`];
      if (!keys.includes("types")) return [`${path}: exports["${entry}"] lacks "types".`];
      return known.has(source) ? [] : [`${path}: exports["${entry}"] leads to ${source}, which is not there.`];
    });
    const away = JSON.stringify(shipped).match(/@tidewire\/source|\.\/src\//)
      ? [`${path}: publishConfig.exports shows sources.`]
      : [];
    const missing = Object.keys(manifest.exports ?? {}).filter((entry) => !(entry in shipped));
    return [...atHome, ...away, ...missing.map((entry) => `${path}: publishConfig.exports lacks "${entry}".`)];
  });

/**
 * What depends on the mode of a build is one file to Node: a tracer resolves for production and Node does not, and the
 * file that only one of them asks for is missing in what was traced.
 */
export const nodeHasOneFile: Law = (files) =>
  published(files).flatMap(({ path, manifest: { imports, exports, publishConfig } }) =>
    [imports, exports, publishConfig?.exports].flatMap((entries) =>
      Object.entries(entries ?? {}).flatMap(([entry, conditions]) => {
        const keys = typeof conditions === "string" ? [] : Object.keys(conditions);
        const mode = keys.findIndex((key) => key === "production" || key === "development");
        const isOne = mode < 0 || keys.slice(0, mode).includes("node");
        return isOne ? [] : [`${path}: "${entry}" names "node" before "${keys[mode]}".`];
      }),
    ),
  );

/** A package is introduced by its README. */
export const packagesHaveReadmes: Law = (files) =>
  published(files).flatMap(({ path }) => {
    const readme = files.find((file) => file.path === `${homeOf(path)}/README.md`);
    return readme && readme.text.trim().length > 200
      ? []
      : [`${homeOf(path)}/README.md is missing, or says next to nothing.`];
  });
