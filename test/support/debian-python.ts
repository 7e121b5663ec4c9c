import { execFileSync } from "node:child_process";
import { installDebianPackage } from "./debian-package.js";

const python = "/usr/bin/python3";

/**
 * Runs a script by Debian's Python with modules of Debian, which are readers of somebody else's making, and hands back what it
 * prints. A module that is not there is installed where that is possible. A run without it would be no test: this throws.
 *
 * @param modules - By their Debian packages: `{ zarr: "python3-zarr" }`.
 */
export function runDebianPython(modules: Readonly<Record<string, string>>, args: readonly string[]): string {
  for (const [module, debianPackage] of Object.entries(modules)) {
    if (has(module) || (installDebianPackage(debianPackage) && has(module))) continue;
    throw new Error(`The tests need ${python} with its module ${module}: apt-get install ${debianPackage}`);
  }
  return execFileSync(python, args, { encoding: "utf8", maxBuffer: 2 ** 28 });
}

const found = new Set<string>();

function has(module: string): boolean {
  if (found.has(module)) return true;
  try {
    execFileSync(python, ["-c", `import ${module}`], { stdio: "ignore" });
    found.add(module);
    return true;
  } catch {
    return false;
  }
}
