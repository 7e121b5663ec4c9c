import { describe, expect, onTestFinished, test } from "vitest";
import { directoryStore } from "../../src/out/store/directory-store.js";
import { MemoryStore } from "../../src/out/store/memory-store.js";
import { exportVolume } from "../support/exports/export-volume.js";
import { describeFileStore } from "../support/exports/file-store-conformance.js";
import { rawFormat } from "../support/exports/raw-format.js";
import { countingVolume } from "../support/model/volume-boxes.js";

let folders = 0;

/** An empty folder of the page's own. */
async function fresh(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  const name = `export-${folders++}`;
  onTestFinished(() => root.removeEntry(name, { recursive: true }).catch(() => {}));
  return root.getDirectoryHandle(name, { create: true });
}

type Store = Required<ReturnType<typeof directoryStore>>;

describeFileStore("directoryStore", async () => directoryStore(await fresh()) as Store);

describe("directoryStore", () => {
  test("an export is the same files as elsewhere, and can be resumed", async () => {
    const folder = await fresh();
    const shape = [9, 7, 8] as const;
    const volume = { format: rawFormat(), data: countingVolume(shape), shape, levels: 2 };
    const memory = new MemoryStore();
    await exportVolume({ store: memory, ...volume });
    const onFetched = ({ lower }: { readonly lower: readonly number[] }): void => {
      if (lower.join() === "8,4,4") throw new Error("the tab is closed");
    };
    const killed = exportVolume({ store: directoryStore(folder), ...volume, onFetched });
    await expect(killed).rejects.toThrow("the tab is closed");
    await expect(exportVolume({ store: directoryStore(folder), ...volume })).rejects.toThrow(
      `"${folder.name}" holds an export already, which is not complete`,
    );
    const fetched: string[] = [];
    const counted = (box: { readonly lower: readonly number[] }) => void fetched.push(box.lower.join());
    const store = directoryStore(folder);
    await exportVolume({ store, ...volume, existing: "resume", onFetched: counted });
    for (const path of memory.paths) expect(await store.get?.(path)).toEqual(await memory.get(path));
    expect(fetched).toContain("8,4,4");
    expect(fetched.length).toBeLessThan(6);
  });

  test("a file is not there in part: a reader sees the old one until the new one is complete", async () => {
    const folder = await fresh();
    const store = directoryStore(folder);
    const long = new Uint8Array(2 ** 22).fill(1);
    const seen = new Set<number | undefined>();
    let isDone = false;
    const putting = store.put("0/0", long).then(() => {
      isDone = true;
    });
    while (!isDone) seen.add(await directoryStore(folder).size?.("0/0"));
    await putting;
    seen.add(await store.size?.("0/0"));
    expect([...seen].filter((size) => size !== undefined)).toEqual([long.length]);
  });

  test("trap 51: a file that somebody else holds open is the browser's error, and not asked for again", async () => {
    const folder = await fresh();
    const store = directoryStore(folder);
    await store.put("held", Uint8Array.of(1));
    const source = `onmessage = async ({ data }) => {
      const file = await data.getFileHandle("held");
      self.handle = await file.createSyncAccessHandle();
      postMessage("held");
    }`;
    const url = URL.createObjectURL(new Blob([source]));
    const worker = new Worker(url);
    onTestFinished(() => {
      worker.terminate();
      URL.revokeObjectURL(url);
    });
    const isHeld = new Promise((resolve) => {
      worker.onmessage = resolve;
    });
    worker.postMessage(folder);
    await isHeld;
    await expect(store.append?.("held", Uint8Array.of(2))).rejects.toMatchObject({
      name: "NoModificationAllowedError",
    });
  });
});
