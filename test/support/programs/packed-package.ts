import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { inject } from "vitest";

const root: string = fileURLToPath(new URL("../../../", import.meta.url));

/** Projects that have installed the package as npm would publish it. */
export interface PackedPackage {
  /** Makes a project with these files and these optional peers installed. Returns its folder. */
  makeProject(files: Readonly<Record<string, string>>, peers?: readonly string[]): string;
  remove(): void;
}

/** The package that `packed-package.setup.ts` has packed. */
export function packedPackage(): PackedPackage {
  const packed = inject("packed").folder;
  const folder = mkdtempSync(join(tmpdir(), "catmaid-image-projects-"));
  let projects = 0;
  return {
    makeProject(files, peers = []) {
      projects += 1;
      const project = join(folder, `project-${projects}`);
      const modules = join(project, "node_modules");
      linkFiles(packed, join(modules, "catmaid-image"));
      linkDependencies(modules, packed, peers);
      const manifest = { name: "consumer", private: true, type: "module" };
      for (const [name, text] of Object.entries({ "package.json": JSON.stringify(manifest), ...files })) {
        mkdirSync(dirname(join(project, name)), { recursive: true });
        writeFileSync(join(project, name), text);
      }
      return project;
    },
    remove() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A copy of a folder whose files are links: a copy of the package's would take as long as most tests of it. */
function linkFiles(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkFiles(source, target);
    else linkSync(source, target);
  }
}

/** What an install would fetch is there already; nothing else of this checkout is. */
function linkDependencies(modules: string, packageFolder: string, peers: readonly string[]): void {
  const { dependencies } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  for (const name of [...Object.keys(dependencies), ...peers]) {
    symlinkSync(join(root, "node_modules", name), join(modules, name), "dir");
  }
}
