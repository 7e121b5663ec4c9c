import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { rollup } from "rollup";
import { bundlingPlugins } from "../../build/bundling-plugins.js";
import { tileWorkerPlugin } from "../../build/tile-worker-plugin.js";

/** Bundles some of our TypeScript, by its path from the project's root, into a file that plain Node imports. */
export async function bundleForNode(path: string): Promise<{ url: string; folder: string }> {
  const bundle = await rollup({
    input: fileURLToPath(new URL(`../../${path}`, import.meta.url)),
    plugins: [tileWorkerPlugin(), ...bundlingPlugins({ platform: "node", minify: false, target: "node20" })],
    external: /^(?:node:|numcodecs\/)/,
    // An endless loop has no effect that Rollup would keep.
    treeshake: false,
  });
  const { output } = await bundle.generate({ format: "es", inlineDynamicImports: true });
  await bundle.close();
  const folder = await mkdtemp(join(tmpdir(), "catmaid-image-"));
  const file = join(folder, "bundle.mjs");
  await writeFile(file, output[0].code);
  return { url: pathToFileURL(file).href, folder };
}
