import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import type { Reporter, TestCase, TestModule } from "vitest/node";
import { findChromium } from "../support/find-chromium.js";
import type { ConsumerPackage } from "./consumer.js";
import packageVersions from "./package-versions.json" with { type: "json" };
import { rightRegion } from "./region-result.js";

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

Each consumer has the packed package installed by npm, with the versions that are named here, and fetches a region of ${rightRegion.tilesOfWorkers} tiles
twice: in workers, where the tiles are counted that workers send back, and in the calling thread, into a writer of
\`catmaid-image/out\`. The voxels are right if the SHA-256 of both volumes is the expected one and there was no warning. Bundled pages are
also opened where WebAssembly is forbidden, and, with workers made of \`catmaid-image/worker\`, where \`blob:\` workers are.

| consumer | versions | tiles from workers | voxels |
|---|---|--:|---|
${rows.join("\n")}
`,
    );
  }
}

function row(test: TestCase): string {
  const { packages = [], result } = test.meta().consumer ?? {};
  const verdict = test.ok() ? "right" : "**failed**";
  return `| ${test.name} | ${packages.map(shown).join(", ")} | ${result?.tilesOfWorkers ?? "none"} | ${verdict} |`;
}

function shown(name: ConsumerPackage): string {
  const [, alias] = /^npm:(.*)$/.exec(packageVersions[name]) ?? [];
  return alias ?? `${name} ${packageVersions[name]}`;
}
