import { execFileSync } from "node:child_process";
import { installDebianPackage } from "./debian-package.js";

const python = "/usr/bin/python3";

/**
 * Runs a script with Debian's Python and Debian's modules, which are independent readers of our files. Returns what the
 * script prints. A missing module is installed if possible. Throws if it is not, because a run without the module would
 * test nothing.
 *
 * @param modules - Debian package by module: `{ zarr: "python3-zarr" }`.
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
