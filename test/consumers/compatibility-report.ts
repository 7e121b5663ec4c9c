import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import type { Reporter, TestCase, TestModule } from "vitest/node";
import { findChromium } from "../support/pages/find-chromium.js";
import type { ConsumerPackage } from "./consumer-package.js";
import packageVersions from "./package-versions.json" with { type: "json" };

/** Writes what the consumers found into `docs/compatibility.md`. */
export default class CompatibilityReport implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const rows = modules.flatMap((module) => [...module.children.allTests()]).map(row);
    const said = execFileSync(findChromium(), ["--version"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const chromium = /^\D*[\d.]+/.exec(said)?.[0];
    writeFileSync(
      new URL("../../docs/compatibility.md", import.meta.url),
      `# Compatibility

Written by \`npm run test:consumers\`, last on ${new Date().toISOString().slice(0, 10)} with Node ${process.version} and ${chromium} on ${cpus().length} cores.

Each consumer has the packed package installed by npm, with the versions that are named here, and fetches three regions: tiles in PNG, blocks
of N5 packed with Blosc and zstd, and a precomputed volume of ids of 64 bits in compressed_segmentation and shards. It does so twice: in workers, where the
tiles and blocks are counted that workers send back, and in the calling thread, into a writer of \`catmaid-image/out\`. The voxels are right if the
SHA-256 of each volume is the expected one and there was no warning. In Node, workers do regions of 64 blocks and more. Bundled pages are
also opened where WebAssembly is forbidden, where \`blob:\` workers are, too, so that the calling thread does it all, and, with
workers made of \`catmaid-image/worker\`, where only \`blob:\` workers are.

| consumer | versions | from workers: tiles, N5, precomputed | voxels |
|---|---|--:|---|
${rows.join("\n")}
`,
    );
  }
}

function row(test: TestCase): string {
  const { packages = [], result } = test.meta().consumer ?? {};
  const verdict = test.ok() ? "right" : "**failed**";
  const counts = Object.values(result?.regions ?? {}).map(({ ofWorkers }) => ofWorkers);
  return `| ${test.name} | ${packages.map(shown).join(", ")} | ${counts.join(", ") || "none"} | ${verdict} |`;
}

function shown(name: ConsumerPackage): string {
  const [, alias] = /^npm:(.*)$/.exec(packageVersions[name]) ?? [];
  return alias ?? `${name} ${packageVersions[name]}`;
}
