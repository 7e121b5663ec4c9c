import { fileURLToPath } from "node:url";
import { transform } from "esbuild";
import type { Plugin } from "rollup";
import { rollup } from "rollup";
import { bundlingPlugins } from "./bundling-plugins.js";
import { decodersElsewhere } from "./tile-worker-plugin.js";

/**
 * The same target as the ES modules. Only the browser parses this file, not CATMAID. A browser without private names
 * also lacks functions that the code calls. Compiling private names away would make each a WeakMap, which is slow and
 * adds a tenth to the file, or a visible property.
 */
const target = "es2022";

/** Options for making one classic script of an ES module bundle. */
export interface ScriptTagOptions {
  /** Name of the only global. */
  readonly globalName: string;
  /** Statements that follow the script's function. */
  readonly footer: string;
}

/** The file with all decoders. It lies beside the single-file builds, which load it with the first file that needs it. */
export const decodersFile = "catmaid-image.decoders.js";

/** Entry of the decoders' file. */
export const decodersInput = "virtual:decoders-file";

/**
 * For the single-file builds: makes `virtual:tile-worker-source` and the code of the in-process pool from one function.
 * The page calls the function, and its text is the worker's source, so that the decoders are in the file only once. The
 * function has only the kernels. The decoders' file is made in the same way, with all decoders.
 */
export function tileWorkerFunctionPlugin(): Plugin {
  return {
    name: "tile-worker-function",
    resolveId(id, importer) {
      if (importer?.includes("/src/pool/") && pageCode.test(id)) return codeInPage;
      if (inDecodersFile.test(id)) return { id: `./${decodersFile}`, external: true };
      return id.startsWith("virtual:") ? `\0${id}` : null;
    },
    async load(id) {
      switch (id) {
        case "\0virtual:tile-worker-function":
          return workerFunction([decodersElsewhere]);
        case "\0virtual:complete-tile-worker-function":
          return workerFunction([]);
        case "\0virtual:tile-worker-source":
          return workerSource;
        case `\0${decodersInput}`:
          return decoders;
        default:
          return null;
      }
    },
  };
}

const workerSource = `import { tileWorker } from "virtual:tile-worker-function";
export default "(" + tileWorker + ")().serve()";
`;

/** The text of the function is a worker's source. A page without workers calls the function. */
const decoders = `import { tileWorker } from "virtual:complete-tile-worker-function";
export default "(" + tileWorker + ")().serve()";
let code;
export const runJob = (...args) => (code ??= tileWorker()).runJob(...args);
`;

/** Modules that are the exports of the decoders' file, by name and by default. */
const inDecodersFile = /^virtual:(?:all-decoders|complete-tile-worker-source)$/;

/** Modules of that function that the pools run in the page. */
const pageCode = /\/(?:run-job|fetch-file|fetch-transport)\.js$/;
const codeInPage = fileURLToPath(new URL("../workers/code-in-page.ts", import.meta.url));

/** Minifies the code before it becomes a function: its text would lack helpers that esbuild adds outside it later. */
async function workerFunction(plugins: readonly Plugin[]): Promise<string> {
  const bundle = await rollup({
    input: fileURLToPath(new URL("../workers/entry.script.ts", import.meta.url)),
    plugins: [...plugins, ...bundlingPlugins({ platform: "browser", minify: false, target: "es2022" })],
  });
  const { output } = await bundle.generate({ format: "es", inlineDynamicImports: true });
  await bundle.close();
  const { code } = await transform(output[0].code, {
    format: "iife",
    globalName: "worker",
    target,
    minify: true,
  });
  return `export function tileWorker() {\n${code}\nreturn worker;\n}`;
}

/**
 * Makes the only chunk a classic script, with its helpers inside one function. A leading `;` and a trailing line break
 * let CATMAID's pipeline concatenate it with anything.
 */
export function scriptTagPlugin({ globalName, footer }: ScriptTagOptions): Plugin {
  return {
    name: "script-tag",
    // The decoders' file lies beside the script, not beside the page, and a script of another site has no base URL.
    renderDynamicImport: () => ({ left: "import(new URL(", right: ", scriptUrl))" }),
    async generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk") continue;
        const { code } = await transform(chunk.code, {
          format: "iife",
          globalName,
          target,
          minify: true,
        });
        chunk.code = `;${code.trimEnd()}\n${footer}\n`;
      }
    },
  };
}
