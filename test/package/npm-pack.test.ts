import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const notInGit = /^(?:node_modules|dist|coverage|quickstart|temp|\.git|workers\/generated)(?:\/|$)/;

/** Every path that a package.json names in `exports`, `main`, `browser`, `types` and `bin`. */
function namedFiles(value: unknown): string[] {
  if (typeof value === "string") return value.includes("/") ? [value] : [];
  return Object.values(value ?? {}).flatMap(namedFiles);
}

test("npm pack in a fresh checkout, as npm does for an install from git, builds all that the package names", () => {
  const folder = mkdtempSync(join(tmpdir(), "catmaid-image-checkout-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(root, folder, { recursive: true, filter: (path) => !notInGit.test(relative(root, path)) });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
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
