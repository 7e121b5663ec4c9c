/**
 * Bundles each tile worker to one script in a string, for Rollup and Vitest. A file beside the bundle would get lost
 * when an application bundles the bundle.
 */
import { fileURLToPath } from "node:url";
import type { Plugin } from "rollup";
import { rollup } from "rollup";
import { bundlingPlugins } from "./bundling-plugins.js";

const root: string = fileURLToPath(new URL("../", import.meta.url));

/** How a worker is bundled. */
interface WorkerBundle {
  readonly entry: string;
  readonly platform: "browser" | "node";
  /** `iife` has no imports, so it runs from a `blob:` URL of any page. `cjs` is what Node's `eval` workers run. */
  readonly format: "iife" | "cjs";
  readonly plugins: readonly Plugin[];
}

/** The decoders that take over from the kernels, which are larger than all other code, and the decoders of blocks. */
const leftOut =
  /^\.\/(?:png\/decode-png|jpeg\/decode-jpeg|unpack\/unpack|n5\/decode-n5-block|precomputed\/decode-precomputed-chunk)\.js$/;

/** Leaves these decoders out, so that the code that most pages load has only the kernels. */
export const decodersElsewhere: Plugin = {
  name: "decoders-elsewhere",
  resolveId: (id) => (leftOut.test(id) ? `${root}workers/decode/decoders-elsewhere.ts` : null),
};

const browserWorker = { entry: "workers/entry.browser.ts", platform: "browser", format: "iife" } as const;
const nodeWorker = { entry: "workers/entry.node.ts", platform: "node", format: "cjs" } as const;

const workers: ReadonlyMap<string, WorkerBundle> = new Map([
  ["virtual:tile-worker-source", { ...browserWorker, plugins: [decodersElsewhere] }],
  ["virtual:complete-tile-worker-source", { ...browserWorker, plugins: [] }],
  ["virtual:node-tile-worker-source", { ...nodeWorker, plugins: [] }],
]);

/** Serves the virtual modules. */
export function tileWorkerPlugin(): Plugin {
  return {
    name: "tile-worker",
    resolveId: (id) => (workers.has(id) ? `\0${id}` : null),
    async load(id) {
      if (!id.startsWith("\0") || !workers.has(id.slice(1))) return null;
      return `export default ${JSON.stringify(await tileWorkerSource(id.slice(1)))};`;
    },
  };
}

const sources = new Map<string, Promise<string>>();

/** The worker's source in a virtual module. */
export function tileWorkerSource(id: string): Promise<string> {
  const worker = workers.get(id);
  if (worker === undefined) throw new Error(`there is no tile worker ${id}`);
  const source = sources.get(id) ?? bundled(worker);
  sources.set(id, source);
  return source;
}

async function bundled({ entry, platform, format, plugins }: WorkerBundle): Promise<string> {
  const bundle = await rollup({
    input: `${root}${entry}`,
    plugins: [...plugins, ...bundlingPlugins({ platform, minify: true, target: "es2022" })],
    ...(platform === "node" && { external: /^node:/ }),
    onwarn(warning) {
      throw new Error(`${entry}: ${warning.message}`);
    },
  });
  const { output } = await bundle.generate({ format, inlineDynamicImports: true });
  await bundle.close();
  const [chunk, ...more] = output;
  if (more.length > 0) throw new Error(`${entry} must bundle into one file`);
  // As a script its own names would be globals, and `gc` is one in a process that was started with --expose-gc.
  return format === "cjs" ? `(() => {${chunk.code}})();` : chunk.code;
}
