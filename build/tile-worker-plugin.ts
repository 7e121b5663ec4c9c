/**
 * Bundles the tile workers and serves them to Rollup and Vitest alike:
 * `virtual:tile-worker-source` is the browser's worker as one classic script, inlined as a string, with the kernels
 * alone; `virtual:complete-tile-worker-source` has all decoders; `virtual:tile-worker-url` is the file URL of Node's.
 */
import { mkdir, rename, writeFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Plugin } from "rollup";
import { rollup } from "rollup";
import { bundlingPlugins } from "./bundling-plugins.js";

const root: string = fileURLToPath(new URL("../", import.meta.url));

/** Where Node's worker is: beside the bundle that the importer ends up in, or built on the spot for a test run. */
export type NodeWorkerPlace = "beside-bundle" | "built-for-tests";

/** The plugin. */
export function tileWorkerPlugin(place: NodeWorkerPlace): Plugin {
  const modules: Readonly<Record<string, () => Promise<string>>> = {
    "virtual:tile-worker-source": async () => defaultExport(await browserWorkerSource("kernels")),
    "virtual:complete-tile-worker-source": async () => defaultExport(await browserWorkerSource("all")),
    "virtual:tile-worker-url": async () =>
      place === "beside-bundle"
        ? 'export default new URL("./worker.node.js", import.meta.url).href;'
        : defaultExport(await nodeWorkerForTests()),
  };
  return {
    name: "tile-worker",
    resolveId: (id) => (id in modules ? `\0${id}` : null),
    load: async (id) => (await modules[id.slice(1)]?.()) ?? null,
  };
}

function defaultExport(text: string): string {
  return `export default ${JSON.stringify(text)};`;
}

const sources = new Map<string, Promise<string>>();

/** One classic script without imports, so that it runs from a `blob:` URL of any page. */
export function browserWorkerSource(decoders: "kernels" | "all"): Promise<string> {
  const source =
    sources.get(decoders) ??
    bundled("workers/entry.browser.ts", "browser", "iife", decoders === "all" ? [] : [decodersElsewhere]);
  sources.set(decoders, source);
  return source;
}

let nodeWorkerUrl: Promise<string> | undefined;

async function nodeWorkerForTests(): Promise<string> {
  nodeWorkerUrl ??= (async () => {
    const folder = new URL("../node_modules/.cache/catmaid-image/", import.meta.url);
    await mkdir(folder, { recursive: true });
    const file = new URL("worker.node.mjs", folder);
    // Several test runs may build it at once, and a worker may start in between.
    const draft = new URL(`worker.node.${process.pid}.mjs`, folder);
    await writeFile(draft, await bundled("workers/entry.node.ts", "node", "es", []));
    await rename(draft, file);
    return pathToFileURL(fileURLToPath(file)).href;
  })();
  return nodeWorkerUrl;
}

/** Leaves out the decoders that take over where the kernels cannot: they are larger than all the rest. */
const decodersElsewhere: Plugin = {
  name: "decoders-elsewhere",
  resolveId(id, importer) {
    const isDecoder = id === "./png/decode-png.js" || id === "./jpeg/decode-jpeg.js";
    return isDecoder && importer?.endsWith("/decode-tile.ts")
      ? `${root}workers/decode/decoders-elsewhere.ts`
      : null;
  },
};

async function bundled(
  entry: string,
  platform: "browser" | "node",
  format: "iife" | "es",
  plugins: readonly Plugin[],
): Promise<string> {
  const bundle = await rollup({
    input: `${root}${entry}`,
    plugins: [...plugins, ...bundlingPlugins({ platform, minify: platform === "browser", target: "es2022" })],
    ...(platform === "node" && { external: /^node:/ }),
    onwarn(warning) {
      throw new Error(`${entry}: ${warning.message}`);
    },
  });
  const { output } = await bundle.generate({ format, inlineDynamicImports: true });
  await bundle.close();
  const [chunk, ...more] = output;
  if (more.length > 0) throw new Error(`${entry} must bundle into one file`);
  return chunk.code;
}
