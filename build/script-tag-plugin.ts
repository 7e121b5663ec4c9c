import { fileURLToPath } from "node:url";
import { transform } from "esbuild";
import type { Plugin } from "rollup";
import { rollup } from "rollup";
import { bundlingPlugins } from "./bundling-plugins.js";

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

/**
 * For the script-tag build: `virtual:tile-worker-source` and the code of the in-process pool are one function, which
 * is called in the page and whose text is the worker's source, so that the decoders are in the file once.
 */
export function tileWorkerFunctionPlugin(): Plugin {
  return {
    name: "tile-worker-function",
    resolveId(id, importer) {
      if (importer?.includes("/src/pool/") && pageCode.test(id)) return "\0in-page-code";
      return id.startsWith("virtual:") ? `\0${id}` : null;
    },
    async load(id) {
      switch (id) {
        case "\0virtual:tile-worker-function":
          return `export function tileWorker() {\n${await workerBody()}\nreturn worker;\n}`;
        case "\0virtual:tile-worker-source":
        case "\0virtual:complete-tile-worker-source":
          return workerSource;
        case "\0in-page-code":
          return inPageCode;
        default:
          return null;
      }
    },
  };
}

const workerSource = `import { tileWorker } from "virtual:tile-worker-function";
export default "(" + tileWorker + ")().serve()";
`;

/** What the pools run of it in the page. */
const pageCode = /\/(?:run-job|fetch-tile|fetch-transport)\.js$/;

/** Nothing of it is evaluated in a page whose workers do it all. */
const inPageCode = `import { tileWorker } from "virtual:tile-worker-function";
let code;
const loaded = () => (code ??= tileWorker());
export const runJob = (...args) => loaded().runJob(...args);
export const fetchTile = (...args) => loaded().fetchTile(...args);
export const createFetchTransport = (...args) => loaded().createFetchTransport(...args);
`;

/** A file that loads nothing has what most volumes need, and says where the rest is. */
const unpackersLeftOut: Plugin = {
  name: "unpackers-left-out",
  resolveId: (id) =>
    id === "./unpackers.js"
      ? fileURLToPath(new URL("../workers/decode/unpackers-left-out.ts", import.meta.url))
      : null,
};

/** Minified before it becomes a function: what esbuild adds outside of it later would be missing from its text. */
async function workerBody(): Promise<string> {
  const bundle = await rollup({
    input: fileURLToPath(new URL("../workers/entry.script.ts", import.meta.url)),
    plugins: [unpackersLeftOut, ...bundlingPlugins({ platform: "browser", minify: false, target: "es2022" })],
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
