import { describe, expect, test } from "vitest";
import * as zarr from "zarrita";
import { omeZarrFormat } from "../../../src/out/zarr/ome-zarr-format.js";
import { zarritaStore } from "../../../src/out/zarrita/zarrita-store.js";
import { zarritaWriter } from "../../../src/out/zarrita/zarrita-writer.js";
import type { Triple } from "../../../src/space/axis-order.js";
import { exportVolume, handOver } from "../../support/exports/export-volume.js";
import { countingVolume } from "../../support/model/volume-boxes.js";

const shape: Triple = [5, 7, 9];
const data = countingVolume(shape);

describe("zarrita", () => {
  test("has an array that a volume is written into, in its own chunks", async () => {
    const root = zarr.root(new Map<`/${string}`, Uint8Array>());
    const array = await zarr.create(root.resolve("a"), {
      shape: [...shape],
      chunkShape: [2, 4, 4],
      dtype: "uint8",
      codecs: [{ name: "bytes", configuration: {} }],
      fillValue: 0,
    });
    const writer = zarritaWriter(array, zarr.set);
    expect([writer.shape, writer.chunkShape]).toEqual([shape, [2, 4, 4]]);
    await handOver(writer, { data, shape });
    const read = await zarr.get(array);
    expect(new Uint8Array(read.data)).toEqual(data);
    await expect(handOver(writer, { data, shape, info: { dataType: "uint16" } })).rejects.toThrow(
      "the array is of uint8, and the volume of uint16: make one of uint16",
    );
  });

  test("has stores that an export goes into, is read from, and goes on in", async () => {
    const map = new Map<`/${string}`, Uint8Array>();
    const volume = {
      store: zarritaStore(map),
      format: omeZarrFormat({ chunkShape: [4, 4, 4] }),
      data,
      shape,
      levels: 2,
    };
    await exportVolume(volume);
    const array = await zarr.open(zarr.root(map).resolve("0"), { kind: "array" });
    const read = await zarr.get(array as zarr.Array<"uint8", typeof map>);
    expect(new Uint8Array(read.data)).toEqual(data);
    await expect(exportVolume(volume)).rejects.toThrow(
      "the store holds an export already, which is complete",
    );
    const fetched: unknown[] = [];
    await exportVolume({ ...volume, existing: "resume", onFetched: (box) => void fetched.push(box) });
    expect(fetched).toEqual([]);
    await expect(exportVolume({ ...volume, existing: "overwrite" })).rejects.toThrow(
      "the store cannot remove what it holds: name an empty place",
    );
    const files: string[] = [];
    await exportVolume({ ...volume, levels: 1, store: zarritaStore({ set: (key) => void files.push(key) }) });
    expect(files).toContain("/zarr.json");
  });
});
