import type { ExistingExport } from "../../../src/out/chunked/begin-export.js";
import { folderStore } from "../../../src/out/store/folder-store.node.js";
import { countingVolume } from "../model/volume-boxes.js";
import { exportVolume } from "./export-volume.js";
import { rawFormat } from "./raw-format.js";

const shape = [20, 21, 23] as const;

/**
 * Exports a volume to a folder. A test runs it in a process of its own. It prints a line before each file that is
 * stored, and a sentence about a failure.
 */
export async function exportToFolder(path: string, existing: ExistingExport): Promise<void> {
  const store = folderStore(path);
  const told = {
    name: path,
    put: async (file: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> => {
      process.stdout.write(`${file}\n`);
      await store.put(file, bytes);
    },
    get: store.get?.bind(store),
    size: store.size?.bind(store),
    append: store.append?.bind(store),
    list: store.list?.bind(store),
    remove: store.remove?.bind(store),
    close: store.close?.bind(store),
  } as typeof store;
  const format = rawFormat({ chunk: [4, 5, 4], compression: { kind: "gzip" } });
  try {
    await exportVolume({ store: told, format, data: countingVolume(shape), shape, levels: 3, existing });
  } catch (error) {
    process.stderr.write((error as Error).message);
    process.exitCode = 1;
  }
}
