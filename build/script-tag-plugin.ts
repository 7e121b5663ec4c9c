import { fileURLToPath } from "node:url";
import { transform } from "esbuild";
import type { Plugin } from "rollup";
import { rollup } from "rollup";
import { bundlingPlugins } from "./bundling-plugins.js";
import { decodersElsewhere } from "./tile-worker-plugin.js";

/**
 * The modules' own: nothing in CATMAID but the browser parses it, and one that does not know private names lacks what
 * the code calls, too. Lowered, each private name is a WeakMap, a tenth of the file and slow, or a property that shows.
 */
const target = "es2022";

/** What makes one classic script of an ES module bundle. */
export interface ScriptTagOptions {
  /** The only global. */
  readonly globalName: string;
  /** Statements after it. */
  readonly footer: string;
}

/** All decoders, in a file beside the single-file builds, which load it when the first file comes that needs it. */
export const decodersFile = "catmaid-image.decoders.js";

/** What the decoders' file is made of. */
export const decodersInput = "virtual:decoders-file";

/**
 * For the single-file builds: `virtual:tile-worker-source` and the code of the in-process pool are one function, which
 * is called in the page and whose text is the worker's source, so that the decoders are in the file once. It has the kernels
 * alone; the file beside it is made in the same way of all decoders.
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

/** The text is a worker's source; a page without workers calls the function. */
const decoders = `import { tileWorker } from "virtual:complete-tile-worker-function";
export default "(" + tileWorker + ")().serve()";
let code;
export const runJob = (...args) => (code ??= tileWorker()).runJob(...args);
`;

/** What that file exports by name, and by default. */
const inDecodersFile = /^virtual:(?:all-decoders|complete-tile-worker-source)$/;

/** What the pools run of it in the page. */
const pageCode = /\/(?:run-job|fetch-file|fetch-transport)\.js$/;
const codeInPage = fileURLToPath(new URL("../workers/code-in-page.ts", import.meta.url));

/** Minified before it becomes a function: what esbuild adds outside of it later would be missing from its text. */
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
 * Makes the only chunk a classic script whose helpers are inside of its one function. A leading `;` and a trailing
 * line break let CATMAID's pipeline concatenate it with anything.
 */
export function scriptTagPlugin({ globalName, footer }: ScriptTagOptions): Plugin {
  return {
    name: "script-tag",
    // What is beside a script is not beside its page, and a script from elsewhere has no address of its own for `import`.
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
