/** OME-Zarr 0.4 as zarr-python reads it. */

import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { computedLevels } from "../../../src/out/chunked/levels/computed-levels.js";
import { littleEndianBytes } from "../../../src/out/little-endian.js";
import { numpyType } from "../../../src/out/numpy-type.js";
import type { CompressionName } from "../../../src/out/packing/compression-option.js";
import { folderStore } from "../../../src/out/store/folder-store.node.js";
import type { VolumeInfo } from "../../../src/out/volume-writer.js";
import { omeZarrFormat } from "../../../src/out/zarr/ome-zarr-format.js";
import { axisOrders, type Orientation3D, type Triple, toOrder } from "../../../src/space/axis-order.js";
import { type DataType, dataTypes, type Voxels } from "../../../src/space/data-type.js";
import { exportVolume, readLevel } from "../../support/exports/export-volume.js";
import { volumeInfo } from "../../support/exports/recording-writer.js";
import { volumeOf } from "../../support/exports/write-dataset.js";
import { runDebianPython } from "../../support/programs/debian-python.js";

/** Odd, and no multiple of any chunk. */
const extent = { z: 7, y: 11, x: 13 };
const chunkShape: Triple = [4, 3, 5];
const fillValues = { uint8: 200, uint64: 2n ** 64n - 1n, int64: -(2n ** 63n), float32: Number.NaN } as const;

const exported: readonly {
  readonly orientation: Orientation3D;
  readonly dataType: DataType;
  readonly compression: CompressionName;
}[] = [
  ...axisOrders.flatMap((orientation) =>
    (orientation === "zyx" ? dataTypes : (["uint8", "uint16", "uint64", "float32"] as const)).map(
      (dataType) => ({ orientation, dataType, compression: "none" as const }),
    ),
  ),
  ...(["gzip", "zlib", "zstd", "blosc"] as const).flatMap((compression) =>
    (["uint8", "int16", "uint16", "uint64", "float32"] as const).map((dataType) => ({
      orientation: "zyx" as const,
      dataType,
      compression,
    })),
  ),
];

const folder = mkdtempSync(join(tmpdir(), "ome-zarr-"));
let found: Record<
  string,
  {
    readonly attributes: { readonly multiscales: readonly unknown[] };
    readonly arrays: Record<string, Record<string, unknown>>;
    readonly groups: readonly string[];
  }
>;

const nameOf = ({ orientation, dataType, compression }: (typeof exported)[number]) =>
  `${orientation}-${dataType}-${compression}`;

function infoOf({ orientation, dataType }: (typeof exported)[number]): VolumeInfo {
  const fillValue = (fillValues as Partial<Record<DataType, number | bigint>>)[dataType];
  const changes = { orientation, dataType, ...(fillValue !== undefined && { fillValue }) };
  return volumeInfo(toOrder(extent, orientation), changes);
}

const formatOf = ({ compression }: (typeof exported)[number]) =>
  omeZarrFormat({ version: "0.4", chunkShape, compression });

const sha256 = (voxels: Voxels) => createHash("sha256").update(littleEndianBytes(voxels)).digest("hex");

beforeAll(async () => {
  for (const each of exported) {
    const info = infoOf(each);
    const { shape, dataType } = info;
    const store = folderStore(join(folder, nameOf(each)));
    const data = volumeOf(dataType, shape);
    await exportVolume({ store, format: formatOf(each), data, shape, info, levels: 2 });
  }
  found = JSON.parse(
    runDebianPython({ zarr: "python3-zarr" }, ["test/support/readers/read_zarr.py", folder]),
  );
});

afterAll(() => rmSync(folder, { recursive: true }));

test.each(exported)(
  "zarr-python reads $dataType in the order $orientation, packed by $compression",
  async (each) => {
    const info = infoOf(each);
    const store = folderStore(join(folder, nameOf(each)));
    const read = found[nameOf(each)];
    expect(read?.groups).toEqual([]);
    expect(Object.keys(read?.arrays ?? {})).toEqual(["0", "1"]);
    const levels = computedLevels(info, 2);
    for (const [index, { shape }] of levels.entries()) {
      const voxels =
        index === 0
          ? volumeOf(each.dataType, shape)
          : await readLevel(store, formatOf(each), info, levels, index);
      expect(read?.arrays[index]).toEqual({
        shape,
        chunks: chunkShape.map((length, axis) => Math.min(length, shape[axis] as number)),
        dtype: numpyType(each.dataType),
        fill: Number.isNaN(info.fillValue)
          ? "nan"
          : expect.stringMatching(new RegExp(`^${info.fillValue}(?:\\.0)?$`)),
        sha256: sha256(voxels),
      });
    }
    expect(read?.attributes.multiscales).toHaveLength(1);
  },
);
