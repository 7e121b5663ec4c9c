import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { isThorough } from "../support/thorough.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const notInGit = /^(?:node_modules|dist|coverage|quickstart|temp|\.git|workers\/generated)(?:\/|$)/;

/** Every path that a package.json names in `exports`, `main`, `browser`, `types` and `bin`. */
function namedFiles(value: unknown): string[] {
  if (typeof value === "string") return value.includes("/") ? [value] : [];
  return Object.values(value ?? {}).flatMap(namedFiles);
}

/**
 * A build in a fresh checkout is what `npm ci` has done there before these tests run; a thorough run does another. The others take what
 * the build left in this one, so that a package without it is none.
 */
const build = `node -e "fs.cpSync('${join(root, "dist")}', 'dist', { recursive: true })"`;

test("npm pack in a fresh checkout, as npm does for an install from git, builds all that the package names", () => {
  const folder = mkdtempSync(join(tmpdir(), "catmaid-image-checkout-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(root, folder, { recursive: true, filter: (path) => !notInGit.test(relative(root, path)) });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  if (!isThorough) manifest.scripts.build = build;
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  const { version } = manifest;
  execFileSync("npm", ["pack"], { cwd: folder, stdio: "pipe" });
  execFileSync("tar", ["-xzf", `catmaid-image-${version}.tgz`], { cwd: folder });
  for (const place of ["package", "package/out", "package/out/hdf5", "package/worker"]) {
    const manifest = JSON.parse(readFileSync(join(folder, place, "package.json"), "utf8"));
    const { exports, main, browser, types, bin, unpkg } = manifest;
    const files = namedFiles({ exports, main, browser, types, bin, unpkg });
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) expect(existsSync(join(folder, place, file)), `${place}: ${file}`).toBe(true);
  }
});
