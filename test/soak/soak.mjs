/**
 * `npm run soak`: 100,000 tiles from a server that errs, with workers that are killed. Bundles library and test from
 * their sources into temp/soak and runs them; `--tiles 5000 --seed 1 --threads 2 --tiles-per-kill 1000`.
 */
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "../../temp/soak");
const worker = pathToFileURL(join(target, "entry.node.mjs")).href;

await build({
  entryPoints: [join(here, "soak.main.ts"), join(here, "../../workers/entry.node.ts")],
  outdir: target,
  entryNames: "[name]",
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  logLevel: "warning",
  // Node's `import "comlink"` gets its UMD build, which has no named exports.
  alias: { comlink: join(here, "../../node_modules/comlink/dist/esm/comlink.mjs") },
  plugins: [
    {
      name: "tile-worker-url",
      setup({ onResolve, onLoad }) {
        onResolve({ filter: /^virtual:tile-worker-url$/ }, ({ path }) => ({ path, namespace: "virtual" }));
        onLoad({ filter: /.*/, namespace: "virtual" }, () => ({
          contents: `export default ${JSON.stringify(worker)};`,
        }));
      },
    },
  ],
});

const program = [join(target, "soak.main.mjs"), "--worker", worker, ...process.argv.slice(2)];
spawn(process.execPath, ["--expose-gc", ...program], { stdio: "inherit" }).on("exit", (code) => {
  process.exitCode = code ?? 1;
});
