/**
 * Bundles the benchmarks into temp/bench/build and runs them: `npm run bench -- --help`. The library itself is not
 * bundled in, because dist is measured as it is published.
 */
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "../../temp/bench/build");

/** Each process and each thread runs a program of its own. */
const programs = readdirSync(here, { recursive: true, encoding: "utf8" }).filter((file) =>
  /(?:^main|\.(?:process|thread|page))\.ts$/.test(file),
);

const shared = { bundle: true, outdir: target, outbase: here, entryNames: "[name]", logLevel: "warning" };
const forPages = programs.filter((file) => file.endsWith(".page.ts"));
await Promise.all([
  build({
    ...shared,
    entryPoints: programs.filter((file) => !forPages.includes(file)).map((file) => join(here, file)),
    outExtension: { ".js": ".mjs" },
    platform: "node",
    format: "esm",
    packages: "external",
    target: "node20",
  }),
  build({
    ...shared,
    entryPoints: forPages.map((file) => join(here, file)),
    platform: "browser",
    format: "iife",
    target: "es2022",
  }),
]);

await import(pathToFileURL(join(target, "main.mjs")).href);
