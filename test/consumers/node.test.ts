import { expect, test } from "vitest";
import { Consumer } from "./consumer.js";
import type { ConsumerPackage } from "./consumer-package.js";
import { type RegionResult, rightRegions } from "./region-result.js";

/** The script of a program, which leaves what it found in a file. It has no top-level await: CommonJS knows none. */
const main = `
  import { webcrypto as crypto } from "node:crypto";
  import { writeFileSync } from "node:fs";
  import { Worker } from "node:worker_threads";
  import { fetchRegions } from "./fetch-region.js";
  import { task } from "./task.js";
  fetchRegions({ ...task, Worker, crypto }).then((result) => {
    writeFileSync("result.json", JSON.stringify(result));
  });`;

interface Program {
  readonly name: string;
  readonly packages: readonly ConsumerPackage[];
  /** Bundles it, if it is bundled. */
  readonly build?: string;
  readonly run: string;
  readonly files?: Readonly<Record<string, string>>;
}

const packConfig =
  'export default { mode: "production", target: "node", entry: "./main.js", output: { filename: "main.cjs" } };';

const programs: readonly Program[] = [
  { name: "Node 20", packages: ["node-20"], run: "node main.js" },
  { name: "Node 22", packages: ["node-22"], run: "node main.js" },
  { name: "Node 24", packages: ["node-24"], run: "node main.js" },
  { name: "Node 26", packages: ["node-26"], run: "node main.js" },
  { name: "Deno", packages: ["deno"], run: "deno run --allow-all main.js" },
  { name: "Bun", packages: ["@oven/bun-linux-x64"], run: "node_modules/@oven/bun-linux-x64/bin/bun main.js" },
  {
    name: "Node, bundled by esbuild as an ES module",
    packages: ["esbuild"],
    build: "esbuild main.js --bundle --platform=node --format=esm --outfile=dist/main.mjs",
    run: "node dist/main.mjs",
  },
  {
    name: "Node, bundled by esbuild as CommonJS",
    packages: ["esbuild"],
    build: "esbuild main.js --bundle --platform=node --format=cjs --outfile=dist/main.cjs",
    run: "node dist/main.cjs",
  },
  {
    name: "Node, bundled by webpack",
    packages: ["webpack", "webpack-cli"],
    build: "webpack",
    run: "node dist/main.cjs",
    files: { "webpack.config.js": packConfig },
  },
  {
    name: "Node, bundled by Rspack",
    packages: ["@rspack/core", "@rspack/cli"],
    build: "rspack build",
    run: "node dist/main.cjs",
    files: { "rspack.config.js": packConfig },
  },
  {
    name: "Node, bundled by Rollup",
    packages: ["rollup", "@rollup/plugin-node-resolve", "@rollup/plugin-commonjs"],
    build: "rollup --config",
    run: "node dist/main.js",
    files: {
      "rollup.config.js": `import commonjs from "@rollup/plugin-commonjs";
        import { nodeResolve } from "@rollup/plugin-node-resolve";
        const plugins = [nodeResolve({ exportConditions: ["node"] }), commonjs()];
        export default { input: "main.js", output: { dir: "dist" }, external: /^node:/, plugins };`,
    },
  },
  {
    name: "Node, bundled by Vite for server-side rendering",
    packages: ["vite"],
    build: "vite build --ssr main.js",
    run: "node dist/main.js",
    files: { "vite.config.js": "export default { ssr: { noExternal: true } };" },
  },
];

for (const { name, packages, build, run, files } of programs) {
  test(name, async ({ task }) => {
    const consumer = await Consumer.install(packages, { "main.js": main, ...files });
    // A bundle is taken elsewhere, without what it was made of.
    if (build !== undefined) await consumer.run(`${build} && rm -r node_modules`);
    await consumer.run(run);
    const result = consumer.readJson("result.json") as RegionResult;
    task.meta.consumer = { packages, result };
    expect(result).toEqual(rightRegions("node"));
  });
}
