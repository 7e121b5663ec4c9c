import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folderStore as inPages } from "../../../../src/out/store/folder-store.browser.js";
import { folderStore } from "../../../../src/out/store/folder-store.node.js";
import { exportVolume } from "../../../support/exports/export-volume.js";
import { describeFileStore } from "../../../support/exports/file-store-conformance.js";
import { rawFormat } from "../../../support/exports/raw-format.js";
import { countingVolume } from "../../../support/model/volume-boxes.js";

let folder = "";
let folders = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "catmaid-image-"));
});
afterAll(() => rm(folder, { recursive: true }));

const fresh = (): string => join(folder, "not", "yet", `there-${folders++}.zarr`);

describeFileStore(
  "folderStore",
  async () => folderStore(fresh()) as Required<ReturnType<typeof folderStore>>,
);

describe("folderStore", () => {
  test("makes no folder before there is something to put", async () => {
    const path = fresh();
    expect(await folderStore(path).list?.("")).toEqual([]);
    await expect(stat(path)).rejects.toThrow("ENOENT");
  });

  test("what fails leaves what was there, and nothing beside it", async () => {
    const path = fresh();
    const store = folderStore(path);
    await mkdir(join(path, "taken"), { recursive: true });
    await expect(store.put("taken", Uint8Array.of(1))).rejects.toThrow("EISDIR");
    await store.put("file", Uint8Array.of(1));
    await expect(store.put("file/under", Uint8Array.of(1))).rejects.toThrow(/EEXIST|ENOTDIR/);
    expect(await readdir(join(path, ".catmaid-image", "tmp"))).toEqual([]);
    expect([...((await store.list?.("")) ?? [])].sort()).toEqual([".catmaid-image/", "file", "taken/"]);
  });

  test("trap 48: names of files that were on their way when a process was killed are no files of the export, and go with its end", async () => {
    const path = fresh();
    await mkdir(join(path, ".catmaid-image", "tmp"), { recursive: true });
    await writeFile(join(path, ".catmaid-image", "tmp", "0123456789abcdef"), "half");
    const shape = [5, 5, 5] as const;
    const data = countingVolume(shape);
    const store = folderStore(path);
    await exportVolume({ store, format: rawFormat(), data, shape, existing: "resume" });
    expect((await readdir(path)).sort()).toEqual([".catmaid-image", "0", "volume.json"]);
    expect((await readdir(join(path, ".catmaid-image"))).sort()).toEqual(["export.json", "units.ndjson"]);
  });

  test("a file in its place is refused in a sentence, and so is a folder of something else", async () => {
    const shape = [5, 5, 5] as const;
    const volume = { format: rawFormat(), data: countingVolume(shape), shape };
    const file = join(folder, "a-file.npy");
    await writeFile(file, "not a folder");
    await expect(exportVolume({ store: folderStore(file), ...volume })).rejects.toThrow(
      `"${file}" is a file, and an export is a folder: name another`,
    );
    await expect(exportVolume({ store: folderStore(folder), ...volume })).rejects.toThrow(
      /"\/.*" holds ".*", and no export that could be resumed or replaced: name an empty place/,
    );
  });

  test("is Node's: a page is told what there is for it", () => {
    expect(() => inPages("x.zarr")).toThrow(
      '"x.zarr" cannot be written to, because only Node opens folders by path: use directoryStore',
    );
  });
});
