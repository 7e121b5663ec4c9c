import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Packs what `npm run build` made, as npm would publish it. */
export function packPackage(): { readonly tarball: string; readonly folder: string; remove(): void } {
  const place = mkdtempSync(join(tmpdir(), "catmaid-image-package-"));
  const packed = execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", place], {
    cwd: fileURLToPath(new URL("../../../", import.meta.url)),
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  const tarball = join(place, fileName(packed));
  execFileSync("tar", ["-xzf", tarball, "-C", place]);
  return {
    tarball,
    folder: join(place, "package"),
    remove() {
      rmSync(place, { recursive: true, force: true });
    },
  };
}

/** npm 12 answers with an object by package name, those before it with a list. */
function fileName(answer: string): string {
  const [packed] = Object.values(JSON.parse(answer) as Record<string, { filename: string }>);
  if (packed === undefined) throw new Error(`npm pack said ${answer}`);
  return packed.filename;
}
