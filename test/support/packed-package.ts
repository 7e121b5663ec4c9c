import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root: string = fileURLToPath(new URL("../../", import.meta.url));

/** The package as npm would publish it, and projects that have it installed. */
export interface PackedPackage {
  /** The file that npm would publish. */
  readonly tarball: string;
  /** Makes a project with these files, where optional peers are installed too, and returns its folder. */
  makeProject(files: Readonly<Record<string, string>>, peers?: readonly string[]): string;
  remove(): void;
}

/** Packs what `npm run build` made. */
export function packPackage(): PackedPackage {
  const folder = mkdtempSync(join(tmpdir(), "catmaid-image-package-"));
  const npm = { cwd: root, encoding: "utf8", shell: process.platform === "win32" } as const;
  const packed = execFileSync(
    "npm",
    ["pack", "--json", "--ignore-scripts", "--pack-destination", folder],
    npm,
  );
  const tarball = join(folder, fileName(packed));
  execFileSync("tar", ["-xzf", tarball, "-C", folder]);
  let projects = 0;
  return {
    tarball,
    makeProject(files, peers = []) {
      projects += 1;
      const project = join(folder, `project-${projects}`);
      const modules = join(project, "node_modules");
      mkdirSync(modules, { recursive: true });
      cpSync(join(folder, "package"), join(modules, "catmaid-image"), { recursive: true });
      linkDependencies(modules, join(folder, "package"), peers);
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

/** npm 12 answers with an object by package name, those before it with a list. */
function fileName(answer: string): string {
  const [packed] = Object.values(JSON.parse(answer) as Record<string, { filename: string }>);
  if (packed === undefined) throw new Error(`npm pack said ${answer}`);
  return packed.filename;
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
