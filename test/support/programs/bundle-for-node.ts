import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { rollup } from "rollup";
import { bundlingPlugins } from "../../../build/bundling-plugins.js";
import { tileWorkerPlugin } from "../../../build/tile-worker-plugin.js";

/** Bundles a TypeScript file, given by its path from the project's root, into a file that plain Node can import. */
export async function bundleForNode(path: string): Promise<{ url: string; folder: string }> {
  const bundle = await rollup({
    input: fileURLToPath(new URL(`../../../${path}`, import.meta.url)),
    plugins: [tileWorkerPlugin(), ...bundlingPlugins({ platform: "node", minify: false, target: "node20" })],
    external: /^(?:node:|numcodecs\/)/,
    // Rollup would remove an endless loop, because it has no effect.
    treeshake: false,
  });
  const { output } = await bundle.generate({ format: "es", inlineDynamicImports: true });
  await bundle.close();
  const folder = await mkdtemp(join(tmpdir(), "catmaid-image-"));
  const file = join(folder, "bundle.mjs");
  await writeFile(file, output[0].code);
  return { url: pathToFileURL(file).href, folder };
}
