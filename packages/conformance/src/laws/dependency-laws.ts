import { isCode, isTest, type Law, nameOf } from "./source-file.ts";
import { importsOf } from "./syntax.ts";

/** The rooms of core that are made of streams: the port to another Observable is these folders. And Nest, which speaks in them. */
const RXJS_ROOMS = /^packages\/(core\/src\/(stream|client)|nest\/src)\//;
/** A page in raw observables, and the peers that are measured. */
const RXJS_APPS = /^apps\/(vanilla|bench)\//;

/** Where Node's own modules may be used: adapters for it, programs on it. */
const NODE_PLACES = /^(packages\/server\/src\/adapters\/node\b|packages\/(sqlite|redis|nats|nest|cli)\/|apps\/)/;
/** Apps that are pages: no Node there. */
const PAGES = /^apps\/((react|vue|svelte|angular|solid|vanilla|board)\/src|feed\/src\/stats\/page)\//;

/** rxjs is imported where streams are made, and by its front door. */
export const rxjsKeepsItsPlace: Law = (files) =>
  files
    .filter(({ path }) => isCode(path) && !isTest(path))
    .flatMap((file) =>
      importsOf(file).flatMap(({ specifier, line }) => {
        if (RXJS_APPS.test(file.path) || (specifier !== "rxjs" && !specifier.startsWith("rxjs/"))) return [];
        if (specifier !== "rxjs") return [`${file.path}:${line}: import from "rxjs", not from "${specifier}".`];
        if (RXJS_ROOMS.test(file.path)) return [];
        return [`${file.path}:${line}: rxjs belongs to Nest, and of core to stream and client alone.`];
      }),
    );

/** Node's modules stay in what runs on Node only. */
export const nodeKeepsItsPlace: Law = (files) =>
  files
    .filter(({ path }) => isCode(path) && !isTest(path) && (!NODE_PLACES.test(path) || PAGES.test(path)))
    .flatMap((file) =>
      importsOf(file)
        .filter(({ specifier }) => specifier.startsWith("node:"))
        .map(
          ({ specifier, line }) =>
            `${file.path}:${line}: ${specifier} is only for node adapters, engines, the cli, apps and tests.`,
        ),
    );

/** A package imports what its package.json declares, so that it works where it is installed alone. */
export const importsAreDeclared: Law = (files) =>
  files
    .filter(({ path }) => isCode(path))
    .flatMap((file) => {
      const home = file.path.split("/").slice(0, 2).join("/");
      const manifest = files.find(({ path }) => path === `${home}/package.json`);
      const declared = manifest && (JSON.parse(manifest.text) as Record<string, Record<string, string> | undefined>);
      const kinds = [
        "dependencies",
        "peerDependencies",
        "imports",
        ...(isTest(file.path) || home.startsWith("apps/") ? ["devDependencies"] : []),
      ];
      const names = new Set(kinds.flatMap((kind) => Object.keys(declared?.[kind] ?? {})));
      return importsOf(file).flatMap(({ specifier, line }) => {
        const name = /^(@[^/]+\/[^/]+|[^./@][^/]*)/.exec(specifier)?.[1];
        const isOwn =
          name === undefined || /^(node|virtual|\$app|vite):?/.test(name) || name === `@tidewire/${nameOf(file.path)}`;
        // The test runner and the types of the platform are the workspace's, declared once at its root.
        if (isOwn || names.has(name) || (isTest(file.path) && /^(vitest|@vitest\/.+|vite)$/.test(name))) return [];
        return [`${file.path}:${line}: ${name} is not declared in ${home}/package.json.`];
      });
    });
