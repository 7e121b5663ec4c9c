/**
 * Bundles all that is published except the types (build/roll-up-types.mjs): for bundlers, for Node, and one file each
 * for a module script and a classic script of a page without a bundler. A file of all decoders lies beside these two.
 */
import type { Plugin, RenderedChunk, RollupOptions } from "rollup";
import { bundlingPlugins } from "./build/bundling-plugins.js";
import {
  decodersFile,
  decodersInput,
  scriptTagPlugin,
  tileWorkerFunctionPlugin,
} from "./build/script-tag-plugin.js";
import { tileWorkerPlugin, tileWorkerSource } from "./build/tile-worker-plugin.js";

/** Packages that the user's bundler or installation provides. Not comlink, whose import in Node gets its UMD build. */
const external =
  /^(?:node:|lru-cache$|fflate$|upng-js$|jpeg-js$|hpagent$|proxy-from-env$|csv-parse$|h5wasm$|numcodecs\/)/;

/** The worker as a file of its own, for pages that start it by URL. */
const workerFile: Plugin = {
  name: "worker-file",
  async generateBundle() {
    const source = await tileWorkerSource("virtual:complete-tile-worker-source");
    this.emitFile({ type: "asset", fileName: "worker.js", source });
    this.emitFile({ type: "asset", fileName: "worker.d.ts", source: "export {};\n" });
  },
};

/** Imports an external package only if its exports are used: a page without a bundler could not resolve its name. */
const treeshake = { moduleSideEffects: "no-external" } as const;

const flat = { chunkFileNames: "[name]-[hash].js", entryFileNames: "[name].js", sourcemap: true };

const config: RollupOptions[] = [
  {
    input: { index: "src/index.ts", out: "src/out/index.ts", "out-hdf5": "src/out/hdf5/index.ts" },
    output: { ...flat, dir: "dist", format: "es" },
    external,
    treeshake,
    plugins: [
      tileWorkerPlugin(),
      ...bundlingPlugins({ platform: "browser", minify: false, target: "es2022" }),
      workerFile,
    ],
  },
  {
    input: {
      "index.node": "src/index.ts",
      "out.node": "src/out/index.node.ts",
      "out-hdf5.node": "src/out/hdf5/index.ts",
      "worker.node": "workers/entry.node.ts",
      cli: "src/cli/main.node.ts",
    },
    output: {
      ...flat,
      chunkFileNames: "[name].node-[hash].js",
      dir: "dist",
      format: "es",
      banner: (chunk: RenderedChunk) => (chunk.name === "cli" ? "#!/usr/bin/env node" : ""),
    },
    external,
    plugins: [tileWorkerPlugin(), ...bundlingPlugins({ platform: "node", minify: false, target: "node20" })],
  },
  {
    input: "src/index.ts",
    output: { file: "dist/catmaid-image.esm.js", format: "es", inlineDynamicImports: true },
    plugins: [
      tileWorkerFunctionPlugin(),
      ...bundlingPlugins({ platform: "browser", minify: true, target: "es2022" }),
    ],
  },
  {
    input: "src/index.ts",
    output: {
      file: "dist/catmaid-image.iife.js",
      format: "es",
      inlineDynamicImports: true,
      intro: "const scriptUrl = globalThis.document?.currentScript?.src || globalThis.location?.href;",
    },
    plugins: [
      tileWorkerFunctionPlugin(),
      ...bundlingPlugins({ platform: "browser", minify: false, target: "es2022" }),
      scriptTagPlugin({
        globalName: "CatmaidImage",
        // CATMAID is a global lexical binding, which only its bare name finds.
        footer: 'if (typeof CATMAID !== "undefined") CATMAID.CatmaidImage = CatmaidImage;',
      }),
    ],
  },
  {
    input: decodersInput,
    output: { file: `dist/${decodersFile}`, format: "es" },
    plugins: [
      tileWorkerFunctionPlugin(),
      ...bundlingPlugins({ platform: "browser", minify: true, target: "es2022" }),
    ],
  },
];

export default config;
