/**
 * Bundles the tile workers and serves them to Rollup and Vitest alike:
 * `virtual:tile-worker-source` is the browser's worker as one classic script, inlined as a string;
 * `virtual:tile-worker-url` is the file URL of Node's worker.
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
  return {
    name: "tile-worker",
    resolveId(id) {
      return id === "virtual:tile-worker-source" || id === "virtual:tile-worker-url" ? `\0${id}` : null;
    },
    async load(id) {
      if (id === "\0virtual:tile-worker-source") {
        return `export default ${JSON.stringify(await browserWorkerSource())};`;
      }
      if (id !== "\0virtual:tile-worker-url") return null;
      if (place === "beside-bundle")
        return 'export default new URL("./worker.node.js", import.meta.url).href;';
      return `export default ${JSON.stringify(await nodeWorkerForTests())};`;
    },
  };
}

let browserSource: Promise<string> | undefined;

/** One classic script without imports, so that it runs from a `blob:` URL of any page. */
export function browserWorkerSource(): Promise<string> {
  browserSource ??= bundled("workers/entry.browser.ts", "browser", "iife");
  return browserSource;
}

let nodeWorkerUrl: Promise<string> | undefined;

async function nodeWorkerForTests(): Promise<string> {
  nodeWorkerUrl ??= (async () => {
    const folder = new URL("../node_modules/.cache/catmaid-image/", import.meta.url);
    await mkdir(folder, { recursive: true });
    const file = new URL("worker.node.mjs", folder);
    // Several test runs may build it at once, and a worker may start in between.
    const draft = new URL(`worker.node.${process.pid}.mjs`, folder);
    await writeFile(draft, await bundled("workers/entry.node.ts", "node", "es"));
    await rename(draft, file);
    return pathToFileURL(fileURLToPath(file)).href;
  })();
  return nodeWorkerUrl;
}

async function bundled(entry: string, platform: "browser" | "node", format: "iife" | "es"): Promise<string> {
  const bundle = await rollup({
    input: `${root}${entry}`,
    plugins: bundlingPlugins({ platform, minify: platform === "browser", target: "es2020" }),
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
