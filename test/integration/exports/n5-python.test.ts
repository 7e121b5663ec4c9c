/** N5 as zarr-python reads it. */

import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { littleEndianBytes } from "../../../src/out/little-endian.js";
import { type N5Options, n5Format } from "../../../src/out/n5/n5-format.js";
import { numpyType } from "../../../src/out/numpy-type.js";
import { axisOrders, type Orientation3D, type Triple, toOrder } from "../../../src/space/axis-order.js";
import { type DataType, dataTypes, type Voxels } from "../../../src/space/data-type.js";
import { putFiles } from "../../support/block-files/put-files.js";
import { volumeInfo } from "../../support/exports/recording-writer.js";
import { firstLevel, levelOf, volumeOf, writeDataset } from "../../support/exports/write-dataset.js";
import { runDebianPython } from "../../support/programs/debian-python.js";

/** Odd, and no multiple of any block. */
const extent = { z: 7, y: 11, x: 13 };
const chunkShape: Triple = [4, 3, 5];
const factor: Triple = [1, 2, 2];

interface Case {
  readonly orientation: Orientation3D;
  readonly dataType: DataType;
  readonly options: N5Options;
}

const four = ["uint8", "uint16", "uint64", "float32"] as const;
const variants: readonly N5Options[] = [
  ...([{ edgeBlocks: "full", compression: "none" }, { edgeBlocks: "full" }] as const),
  ...([
    { compression: "gzip" },
    { compression: "zlib" },
    { compression: "blosc" },
    { compression: "zstd" },
  ] as const),
];
const cases: readonly Case[] = [
  ...axisOrders.flatMap((orientation) =>
    (orientation === "zyx" ? dataTypes : four).map(
      (dataType): Case => ({ orientation, dataType, options: { compression: "none" } }),
    ),
  ),
  ...variants.flatMap((options) => four.map((dataType): Case => ({ orientation: "zyx", dataType, options }))),
];

const folder = mkdtempSync(join(tmpdir(), "n5-"));
const nameOf = ({ orientation, dataType, options }: Case) =>
  [orientation, dataType, ...Object.values(options)].join("-");
const sha256 = (voxels: Voxels) => createHash("sha256").update(littleEndianBytes(voxels)).digest("hex");

let found: Record<
  string,
  {
    readonly attributes: Record<string, unknown>;
    readonly arrays: Record<string, { readonly attributes: Record<string, unknown> }>;
  }
>;

function volumeAndLevels({ orientation, dataType }: Case) {
  const info = volumeInfo(toOrder(extent, orientation), {
    ...{ orientation, dataType, position: toOrder({ x: 400, y: -600, z: 800 }, orientation) },
  });
  const levels = [firstLevel(info), levelOf(info, factor)].map((level, seed) => ({
    level,
    voxels: volumeOf(dataType, level.shape, seed),
  }));
  return { info, levels };
}

beforeAll(async () => {
  for (const each of cases) {
    const { info, levels } = volumeAndLevels(each);
    const { files } = await writeDataset(n5Format({ chunkShape, ...each.options }), info, levels);
    putFiles(join(folder, nameOf(each)), files);
  }
  found = JSON.parse(runDebianPython({ zarr: "python3-zarr" }, ["test/support/readers/read_n5.py", folder]));
});

afterAll(() => rmSync(folder, { recursive: true }));

test.each(cases)("zarr-python reads $dataType in the order $orientation, of the options $options", (each) => {
  const { info, levels } = volumeAndLevels(each);
  const read = found[nameOf(each)];
  expect(Object.keys(read?.arrays ?? {})).toEqual(["s0", "s1"]);
  const reversed = <T>(values: readonly T[]): T[] => [...values].reverse();
  levels.forEach(({ level, voxels }, index) => {
    expect(read?.arrays[`s${index}`]).toEqual({
      shape: level.shape,
      chunks: chunkShape,
      dtype: numpyType(each.dataType),
      attributes: {
        downsamplingFactors: reversed(level.factor),
        // In the order of N5's axes, which is not that of the array in Python.
        axes: reversed(info.projectAxes),
        units: ["nm", "nm", "nm"],
        resolution: reversed(info.resolution),
        offset: reversed(info.position),
        pixelResolution: { unit: "nm", dimensions: reversed(info.resolution) },
      },
      sha256: sha256(voxels),
    });
  });
  expect(read?.attributes).toMatchObject({ multiScale: true, scales: [[1, 1, 1], reversed(factor)] });
});
