import { importsAreDeclared, nodeKeepsItsPlace, rxjsKeepsItsPlace } from "./dependency-laws.ts";
import {
  nobodyImportsTheTop,
  noCycles,
  packagesImportOneWay,
  relativeImportsStayHome,
  roomsOfCoreImportOneWay,
} from "./import-laws.ts";
import {
  entriesLeadToSourceAtHomeOnly,
  manifestsHaveOneShape,
  nodeHasOneFile,
  packagesHaveReadmes,
} from "./manifest-laws.ts";
import { filesAreShort, functionsAreShort, mostFilesAreSmall, namesSaySomething } from "./shape-laws.ts";
import type { Law, SourceFile } from "./source-file.ts";

const file = (path: string, text: string): SourceFile => ({ path, text });
const lines = (count: number, line = "go();"): string => `${line}\n`.repeat(count);

const manifest = {
  name: "@tidewire/core",
  description: "x",
  license: "MIT",
  type: "module",
  sideEffects: false,
  files: ["dist"],
  engines: { node: ">=22.12" },
  exports: { ".": { "@tidewire/source": "./src/index.ts", types: "./dist/index.d.ts", default: "./dist/index.js" } },
  publishConfig: { access: "public", exports: { ".": "./dist/index.js" } },
  dependencies: { "@tidewire/wire": "workspace:^" },
};
/** A core package whose manifest differs in some field, and the one source file that it has. */
const core = (change: object = {}, text = ""): SourceFile[] => [
  file("packages/core/package.json", JSON.stringify({ ...manifest, ...change })),
  file("packages/core/src/index.ts", text),
];

/** A law, some files that break it, and what is said about each of them. */
export interface Clause {
  readonly title: string;
  readonly law: Law;
  readonly broken: readonly (readonly [files: readonly SourceFile[], complaint: RegExp])[];
  /** Close to a breach, and none. */
  readonly kept: readonly SourceFile[];
}

/** Every law of the house. */
export const clauses: readonly Clause[] = [
  {
    title: "packages import each other one way",
    law: packagesImportOneWay,
    broken: [
      [
        [file("packages/wire/src/a.ts", 'import { realtime } from "@tidewire/core";')],
        /a\.ts:1: wire must not import @tidewire\/core/,
      ],
      [[file("packages/core/src/a.ts", '\nexport * from "@tidewire/react";')], /a\.ts:2: core must not import/],
      [
        [file("packages/react/src/a.tsx", 'import type { Codec } from "@tidewire/wire";')],
        /react must not import @tidewire\/wire/,
      ],
      [[file("packages/server/src/a.ts", 'const core = await import("@tidewire/core");')], /server must not import/],
      [[file("packages/vue/src/a.ts", 'let line: import("@tidewire/server").Line;')], /vue must not import/],
      [
        [file("packages/svelte/src/A.svelte", '<p>a</p>\n<script lang="ts">\nimport "@tidewire/vue";\n</script>')],
        /A\.svelte:3: svelte must not import/,
      ],
      [[file("packages/brand-new/src/a.ts", "")], /"brand-new" has no place/],
    ],
    kept: [
      file("packages/core/src/a.ts", 'import { text } from "@tidewire/wire"; // import "@tidewire/react"'),
      file("packages/react/src/a.test.ts", 'import "@tidewire/server";'),
    ],
  },
  {
    title: "only tests import the conformance package",
    law: nobodyImportsTheTop,
    broken: [[[file("packages/react/src/a.ts", 'import "@tidewire/conformance";')], /only tests may import/]],
    kept: [file("packages/react/src/a.test.ts", 'import "@tidewire/conformance";')],
  },
  {
    title: "no relative import leaves its package",
    law: relativeImportsStayHome,
    broken: [
      [[file("packages/core/src/stream/a.ts", 'import "../../../wire/src/error.ts";')], /leaves the package/],
      [[file("packages/core/src/a.test.ts", 'import "../../wire/src/error.ts";')], /leaves the package/],
      [[file("packages/core/src/a.ts", 'import "../../../.ci/tools.mjs";')], /leaves the package/],
      [[file("packages/react/src/a.ts", 'import type { Gate } from "../../core/src/gate.ts";')], /leaves the package/],
      [
        [file("packages/conformance/src/a.test.ts", 'import { Gate } from "../../core/src/gate.ts";')],
        /leaves the package/,
      ],
    ],
    kept: [
      file("packages/core/src/stream/a.ts", 'import "../transport/b.ts";'),
      file("packages/conformance/src/browser/a.ts", 'import "../../../../.ci/tools.mjs";'),
      file("packages/conformance/src/a.test.ts", 'let gate: typeof import("../../core/src/gate.ts");'),
    ],
  },
  {
    title: "the rooms of core import one way",
    law: roomsOfCoreImportOneWay,
    broken: [
      [
        [file("packages/core/src/transport/a.ts", 'import type { Status } from "../connection/status.ts";')],
        /transport must not import/,
      ],
      [[file("packages/core/src/stream/a.ts", 'import "../store/store.ts";')], /stream must not import/],
      [[file("packages/core/src/store/a.ts", 'import "../index.ts";')], /store must not import \.\.\/index\.ts/],
      [[file("packages/core/src/attic/a.ts", "")], /in no room of core/],
    ],
    kept: [
      file("packages/core/src/store/a.ts", 'import "../connection/status.ts"; import "./b.ts";'),
      file("packages/core/src/index.ts", 'export * from "./store/a.ts";'),
    ],
  },
  {
    title: "there are no cycles",
    law: noCycles,
    broken: [
      [
        [
          file("packages/core/src/a.ts", 'import "./b.ts";'),
          file("packages/core/src/b.ts", 'export { c } from "./c.ts";'),
          file("packages/core/src/c.ts", 'import { type A } from "./a.ts";'),
        ],
        /a\.ts -> .*b\.ts -> .*c\.ts -> .*a\.ts is a cycle/,
      ],
      [
        [
          file("packages/core/src/a.ts", 'import "./b.ts";'),
          file("packages/core/src/b.ts", 'import type { A } from "./a.ts";'),
        ],
        /a\.ts -> .*b\.ts -> .*a\.ts is a cycle/,
      ],
    ],
    kept: [
      file("packages/core/src/a.ts", 'import "./b.ts"; import "./c.ts";'),
      file("packages/core/src/b.ts", 'import "./c.ts";'),
      file("packages/core/src/c.ts", 'import type { A } from "@tidewire/wire";'),
    ],
  },
  {
    title: "rxjs keeps its place",
    law: rxjsKeepsItsPlace,
    broken: [
      [[file("packages/core/src/transport/a.ts", 'import { Observable } from "rxjs";')], /stream and client alone/],
      [[file("packages/react/src/a.ts", 'import type { Observable } from "rxjs";')], /stream and client alone/],
      [[file("packages/core/src/stream/a.ts", 'import { map } from "rxjs/operators";')], /not from "rxjs\/operators"/],
      [[file("apps/react/src/a.ts", 'import { map } from "rxjs";')], /stream and client alone/],
    ],
    kept: [
      file("packages/core/src/stream/a.ts", 'import { Observable } from "rxjs";'),
      file("apps/vanilla/src/a.ts", 'import { map } from "rxjs";'),
    ],
  },
  {
    title: "Node's modules keep their place",
    law: nodeKeepsItsPlace,
    broken: [
      [[file("packages/core/src/transport/a.ts", 'import { Buffer } from "node:buffer";')], /node:buffer is only for/],
      [[file("packages/server/src/hub.ts", 'import { once } from "node:events";')], /node:events is only for/],
      [[file("apps/react/src/a.ts", 'import "node:fs";')], /node:fs is only for/],
    ],
    kept: [
      file("packages/server/src/adapters/node-sse.ts", 'import "node:http";'),
      file("apps/feed/src/a.ts", 'import "node:os";'),
    ],
  },
  {
    title: "what is imported is declared",
    law: importsAreDeclared,
    broken: [
      [core({}, 'import "left-pad";'), /left-pad is not declared in packages\/core\/package\.json/],
      [core({ devDependencies: { zod: "1" } }, 'import type { z } from "zod";'), /zod is not declared/],
      [core({}, 'import "#dev";'), /#dev is not declared/],
    ],
    kept: core(
      { peerDependencies: { rxjs: "7" }, imports: { "#dev": "./src/dev.ts" } },
      'import "rxjs"; import "@tidewire/wire"; import "./a.ts"; import "#dev";',
    ),
  },
  {
    title: "no source file is longer than 300 lines",
    law: filesAreShort,
    broken: [[[file("packages/core/src/a.ts", lines(301))], /has 301 lines/]],
    kept: [file("packages/core/src/a.ts", lines(300)), file("packages/core/src/a.test.ts", lines(500))],
  },
  {
    title: "half of the files have fewer than 100 lines",
    law: mostFilesAreSmall,
    broken: [
      [
        [
          file("packages/core/src/a.ts", lines(50)),
          file("packages/core/src/b.ts", lines(120)),
          file("packages/core/src/c.ts", lines(130)),
        ],
        /median file has 120 lines/,
      ],
    ],
    kept: [
      file("packages/core/src/a.ts", lines(50)),
      file("packages/core/src/b.ts", lines(60)),
      file("packages/core/src/c.ts", lines(290)),
    ],
  },
  {
    title: "no function has more than 50 lines of its own",
    law: functionsAreShort,
    broken: [
      [[file("packages/core/src/a.ts", `\nfunction long() {\n${lines(50)}}\n`)], /a\.ts:2: long has 52 lines/],
      [
        [file("packages/core/src/a.ts", `const f = () => {\n${lines(30)}return () => {\n${lines(60)}}\n}\n`)],
        /a\.ts:32: \(anonymous\) has 62 lines/,
      ],
      [[file("packages/core/src/a.ts", `class A {\n  m() {\n${lines(60)}}\n}\n`)], /a\.ts:2: .* has 62 lines/],
    ],
    kept: [
      file(
        "packages/core/src/a.ts",
        `function owner() {\n${lines(20)}function inner() {\n${lines(45)}}\n${lines(20)}}\n`,
      ),
      file("packages/core/src/b.ts", `function airy() {\n${lines(40)}${lines(30, "")}}\n`),
      file("apps/react/src/A.tsx", `function View() {\n return <ul>\n${lines(80, "<li />")}</ul>;\n}\n`),
    ],
  },
  {
    title: "names say something",
    law: namesSaySomething,
    broken: [
      [[file("packages/core/src/utils/a.ts", "")], /"utils" says nothing/],
      [[file("packages/core/src/stream/socket-manager.ts", "")], /"manager" says nothing/],
      [[file("apps/feed/src/types.ts", "")], /"types" says nothing/],
      [[file("packages/core/src/test-helpers.test.ts", "")], /"helpers" says nothing/],
    ],
    kept: [file("packages/core/src/stream/typed.ts", "")],
  },
  {
    title: "published packages have one shape",
    law: manifestsHaveOneShape,
    broken: [
      [core({ name: "core" }), /its name is @tidewire\/core/],
      [core({ description: "" }), /description/],
      [core({ license: "ISC" }), /license/],
      [core({ type: "commonjs" }), /type is "module"/],
      [core({ sideEffects: undefined }), /sideEffects/],
      [core({ engines: { node: ">=20" } }), />=22\.12/],
      [core({ files: ["dist", "src"] }), /without "src"/],
      [core({ publishConfig: {} }), /access/],
    ],
    kept: [...core(), file("packages/conformance/package.json", '{ "private": true }')],
  },
  {
    title: "entries lead to the source at home, and to what was built away",
    law: entriesLeadToSourceAtHomeOnly,
    broken: [
      [core({ exports: { ".": "./src/index.ts" } }), /needs conditions/],
      [
        core({
          exports: {
            ".": { default: "./dist/index.js", "@tidewire/source": "./src/index.ts", types: "./dist/index.d.ts" },
          },
        }),
        /begins with/,
      ],
      [
        core({ exports: { ".": { "@tidewire/source": "./src/index.ts", default: "./dist/index.js" } } }),
        /lacks "types"/,
      ],
      [
        core({ exports: { ".": { ...manifest.exports["."], "@tidewire/source": "./src/gone.ts" } } }),
        /gone\.ts, which is not there/,
      ],
      [core({ publishConfig: { exports: {} } }), /publishConfig\.exports lacks "\."/],
      [core({ publishConfig: { exports: { ".": "./src/index.ts" } } }), /shows sources/],
      [core({ publishConfig: { exports: manifest.exports } }), /shows sources/],
    ],
    kept: core(),
  },
  {
    title: "Node takes one file, whatever a build is made for",
    law: nodeHasOneFile,
    broken: [
      [
        core({ imports: { "#dev": { production: "./dist/a.js", default: "./dist/b.js" } } }),
        /"#dev" names "node" before/,
      ],
      [core({ exports: { ".": { development: "./dist/a.js", node: "./dist/b.js" } } }), /before "development"/],
    ],
    kept: core({ imports: { "#dev": { node: "./dist/b.js", production: "./dist/a.js", default: "./dist/b.js" } } }),
  },
  {
    title: "every published package has a README",
    law: packagesHaveReadmes,
    broken: [
      [core(), /packages\/core\/README\.md is missing/],
      [[...core(), file("packages/core/README.md", "# core")], /next to nothing/],
    ],
    kept: [...core(), file("packages/core/README.md", "It opens any endpoint. ".repeat(20))],
  },
];
