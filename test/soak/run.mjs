/**
 * Long runs, by hand. Bundles library and test from their sources into temp/soak and runs them:
 *
 *   node test/soak/run.mjs soak --tiles 100000 --seed 1 --threads 2 --tiles-per-kill 1000
 *   node test/soak/run.mjs fuzz --runs 100000 --seed 1
 *   node test/soak/run.mjs decode --runs 20000 --seed 1
 *   node test/soak/run.mjs damage --runs 20000 --seed 1
 *   node test/soak/run.mjs nginx
 *   node test/soak/run.mjs nginx-blocks
 *
 * `soak`: a server of which every tenth answer is a fault, and workers that are killed. `fuzz`: stack infos of anything
 * at all. `decode`: mutated
 * files of every kind, for both decoders. `damage`: files of N5 and precomputed blocks with a byte changed, cut, doubled or replaced by
 * HTML, fetched from a server. `nginx`: a real server that throttles, asks for a password, is slow, and is restarted, and
 * that Chromium asks too; needs nginx, Chromium and a build. `nginx-blocks`: counts what nginx is asked for when shards are read; needs
 * nginx.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "../../temp/soak");
const [name = "soak", ...options] = process.argv.slice(2);
const program = join(target, `${name}.main.mjs`);

const { version } = JSON.parse(readFileSync(join(here, "../../package.json"), "utf8"));
const packageVersion = virtual(/^virtual:package-version$/, () => version);

const shared = {
  bundle: true,
  platform: "node",
  target: "node20",
  logLevel: "warning",
  // Node's `import "comlink"` gets its UMD build, which has no named exports.
  alias: { comlink: join(here, "../../node_modules/comlink/dist/esm/comlink.mjs") },
};
const worker = await build({
  ...shared,
  plugins: [packageVersion],
  entryPoints: [join(here, "../../workers/entry.node.ts")],
  format: "cjs",
  write: false,
});
await build({
  ...shared,
  entryPoints: [join(here, `${name}.main.ts`)],
  outfile: program,
  format: "esm",
  external: ["playwright"],
  plugins: [packageVersion, virtual(/^virtual:node-tile-worker-source$/, () => worker.outputFiles[0].text)],
});

spawn(process.execPath, ["--expose-gc", program, ...options], { stdio: "inherit" }).on("exit", (code) => {
  process.exitCode = code ?? 1;
});

/** A module that is a text. */
function virtual(filter, text) {
  const namespace = filter.source;
  return {
    name: namespace,
    setup({ onResolve, onLoad }) {
      onResolve({ filter }, ({ path }) => ({ path, namespace }));
      onLoad({ filter: /.*/, namespace }, () => ({ contents: `export default ${JSON.stringify(text())};` }));
    },
  };
}
