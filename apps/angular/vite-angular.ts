import { createCompilerHost, formatDiagnostics, performCompilation, readConfiguration } from "@angular/compiler-cli";
import linker from "@angular/compiler-cli/linker/babel";
import { transformAsync } from "@babel/core";
import type { PluginOption } from "vite";

/** Compiles the templates of one folder's components ahead, and what Angular's own packages leave for the application to finish. */
export function angular(folder: string): PluginOption {
  const compiled = new Map<string, string>();

  function compile(): void {
    const { rootNames, options, errors } = readConfiguration(`${folder}/tsconfig.json`, {
      noEmit: false,
      outDir: `${folder}/dist`,
      rootDir: `${folder}/../..`,
      inlineSourceMap: true,
      inlineSources: true,
      rewriteRelativeImportExtensions: true,
    });
    const host = createCompilerHost({ options });
    host.writeFile = (_name, text, _mark, _onError, sources) => {
      for (const { fileName } of sources ?? []) compiled.set(fileName, text);
    };
    const { diagnostics } = performCompilation({ rootNames, options, host });
    const faults = [...errors, ...diagnostics];
    if (faults.length > 0) throw new Error(formatDiagnostics(faults));
  }

  return {
    name: "angular",
    enforce: "pre",
    config: (_config, { command }) => ({
      optimizeDeps: { exclude: ["@angular/core", "@angular/common", "@angular/platform-browser"] },
      // As Angular's own builder: without its checks for development, its compiler, and its server.
      define: command === "build" ? { ngDevMode: "false", ngJitMode: "false", ngServerMode: "false" } : {},
    }),
    buildStart: compile,
    load: (id) => (id.startsWith(`${folder}/src/`) ? compiled.get(id) : undefined),
    async transform(code, id) {
      if (!code.includes("ɵɵngDeclare") || !id.includes("@angular")) return undefined;
      const linked = await transformAsync(code, { filename: id, plugins: [linker], compact: false, configFile: false });
      return linked?.code ? { code: linked.code, map: linked.map } : undefined;
    },
    handleHotUpdate({ file, server }) {
      if (!file.startsWith(`${folder}/src/`)) return;
      compile();
      server.ws.send({ type: "full-reload" });
    },
  };
}
