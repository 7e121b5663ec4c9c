import { fileURLToPath } from "node:url";
import { transform } from "esbuild";
import type { Plugin } from "rollup";
import { rollup } from "rollup";
import { bundlingPlugins } from "./bundling-plugins.js";

/** What CATMAID's own files are written in, so that its tools can parse ours. */
const target = "es2018";

/** What makes one classic script of an ES module bundle. */
export interface ScriptTagOptions {
  /** The only global. */
  readonly globalName: string;
  /** Statements after it. */
  readonly footer: string;
}

/**
 * For the script-tag build: `virtual:tile-worker-source` and the code of the in-process pool are one function, which
 * is called in the page and whose text is the worker's source, so that the decoders are in the file once.
 */
export function tileWorkerFunctionPlugin(): Plugin {
  return {
    name: "tile-worker-function",
    resolveId(id) {
      if (id.endsWith("/run-tile-job.js")) return "\0in-process-code";
      return id.startsWith("virtual:tile-worker-") ? `\0${id}` : null;
    },
    async load(id) {
      switch (id) {
        case "\0virtual:tile-worker-function":
          return `export function tileWorker() {\n${await workerBody()}\nreturn worker;\n}`;
        case "\0virtual:tile-worker-source":
          return workerSource;
        case "\0in-process-code":
          return inProcessCode;
        default:
          return null;
      }
    },
  };
}

const workerSource = `import { tileWorker } from "virtual:tile-worker-function";
export default "(" + tileWorker + ")().serve()";
`;

/** Nothing of it runs in a page whose workers do. */
const inProcessCode = `import { tileWorker } from "virtual:tile-worker-function";
let code;
export const runTileJob = (job, signal) => (code ??= tileWorker()).runTileJob(job, signal);
`;

/** Lowered before it becomes a function: what esbuild adds outside of it later would be missing from its text. */
async function workerBody(): Promise<string> {
  const bundle = await rollup({
    input: fileURLToPath(new URL("../workers/entry.script.ts", import.meta.url)),
    plugins: bundlingPlugins({ platform: "browser", minify: false, target: "es2022" }),
  });
  const { output } = await bundle.generate({ format: "es", inlineDynamicImports: true });
  await bundle.close();
  const { code } = await transform(output[0].code, {
    format: "iife",
    globalName: "worker",
    target,
    minify: true,
  });
  return code;
}

/**
 * Makes the only chunk a classic script whose helpers are inside of its one function. A leading `;` and a trailing
 * line break let CATMAID's pipeline concatenate it with anything.
 */
export function scriptTagPlugin({ globalName, footer }: ScriptTagOptions): Plugin {
  return {
    name: "script-tag",
    async generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk") continue;
        const { code } = await transform(chunk.code, { format: "iife", globalName, target, minify: true });
        chunk.code = `;${code.trimEnd()}\n${footer}\n`;
      }
    },
  };
}
