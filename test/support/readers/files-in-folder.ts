import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";

/** All files below a folder, by path. The folder that an export keeps for itself is left out. */
export async function filesInFolder(root: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = relative(root, join(entry.parentPath, entry.name));
    if (!entry.isFile() || path.startsWith(".catmaid-image")) continue;
    files.set(path, (await readFile(join(root, path))).toString("latin1"));
  }
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}
