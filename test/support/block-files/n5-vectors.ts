import { expect } from "vitest";
import type { BlockSource } from "../../../src/source/block-source.js";
import { readFolders } from "../../../src/source/n5/n5-folders.js";
import { openN5 } from "../../../src/source/n5/open-n5.js";
import type { Triple } from "../../../src/space/axis-order.js";
import { parseBlockAddress } from "../../../src/stack/mirror/block-address.js";
import { Stack } from "../../../src/stack/stack.js";
import { reorderAxes } from "../../../workers/decode/axes/reorder-axes.js";
import { blockMirror, FakeServer } from "../blocks/block-mirror.js";
import { lastBlockAsked } from "../blocks/last-block-asked.js";
import type { VectorCheck, VectorRow } from "../model/vectors.js";

interface N5Input {
  readonly imageBase: string;
  readonly n5: {
    readonly dims: Triple;
    readonly blockSize: Triple;
    readonly levels: number;
    readonly root?: string;
  };
  readonly zoomLevel: number;
  /** Stack order: x, y, z. */
  readonly block: Triple;
  readonly col: number;
  readonly row: number;
  readonly slicePixelPosition: readonly [number];
}

function inputOf(row: VectorRow): N5Input {
  return row.input as unknown as N5Input;
}

const placeholder = "%SCALE_DATASET%";
const { signal } = new AbortController();

function sliceDimsOf({ imageBase }: N5Input): Triple {
  return imageBase
    .slice(imageBase.lastIndexOf("/") + 1)
    .split("_")
    .map(Number) as unknown as Triple;
}

/** The container that CATMAID was given. Each level has half the extent along all axes. */
function serverOf({ imageBase, n5 }: N5Input): FakeServer {
  const dataset = imageBase.slice(0, imageBase.lastIndexOf("/"));
  const files = new Map<string, object>();
  if (n5.root !== undefined) files.set(`${n5.root}/attributes.json`, { n5: "2.0.0" });
  for (let level = 0; level < n5.levels; level++) {
    files.set(`${dataset.replace(placeholder, `s${level}`)}/attributes.json`, {
      dimensions: n5.dims.map((length) => Math.floor(length / 2 ** level)),
      blockSize: n5.blockSize,
      dataType: "uint16",
      compression: { type: "raw" },
    });
  }
  return new FakeServer((url) => files.get(url));
}

function stackOf(input: N5Input): Stack {
  const [x = 0, y = 0, z = 0] = sliceDimsOf(input).map((axis) => input.n5.dims[axis]);
  const factors = Array.from({ length: input.n5.levels }, (_, level) => 2 ** level);
  const downsampleFactors = factors.map((factor) => ({ x: factor, y: factor, z: factor }));
  return new Stack({ dimension: { x, y, z }, downsampleFactors });
}

function sourceOf(input: N5Input): Promise<BlockSource> {
  const options = { channel: undefined };
  return openN5(stackOf(input), blockMirror(11, input.imageBase), options, serverOf(input).ask, signal);
}

const parse: VectorCheck = {
  same: async (row) => {
    const input = inputOf(row);
    const parsed = parseBlockAddress(input.imageBase);
    if ("problem" in parsed) throw new Error(parsed.problem);
    const { before, after, hasLevels, sliceDims } = parsed.address;
    const { root = "" } = await readFolders(parsed.address, serverOf(input).ask, signal);
    const source = await sourceOf(input);
    const levels = [0, 1, 2, 3, 4].filter((level) => hasLevel(source, level));
    expect({
      sliceDims,
      reciprocalSliceDims: sliceDims.map((_, axis) => sliceDims.indexOf(axis)),
      rootURL: root,
      datasetPathFormat: (before + (hasLevels ? placeholder : "") + after).slice(root.length + 1),
      hasScaleLevels: hasLevels,
      numScaleLevels: levels.length,
      dataType: source.level(0).dataType,
    }).toEqual(row.expected);
  },
};

function hasLevel(source: BlockSource, level: number): boolean {
  try {
    source.level(level);
    return true;
  } catch {
    return false;
  }
}

const blockSize: VectorCheck = {
  same: async (row) => {
    const input = inputOf(row);
    const { blockShape } = (await sourceOf(input)).level(input.zoomLevel);
    expect([...blockShape].reverse()).toEqual(row.expected);
  },
};

/** The last block of each axis that a plan of the whole level asks for, in the dataset's axis order. */
async function lastBlock(input: N5Input): Promise<Triple> {
  const [z, y, x] = lastBlockAsked(stackOf(input), await sourceOf(input), input.zoomLevel);
  const dims = sliceDimsOf(input);
  return [0, 1, 2].map((axis) => [x, y, z][dims.indexOf(axis)]) as unknown as Triple;
}

const bounds: VectorCheck = {
  same: async (row) => {
    expect({ min: [0, 0, 0], max: await lastBlock(inputOf(row)) }).toEqual(row.expected);
  },
  other: {
    "bounds-too-long": async (row) => {
      const { dims, blockSize: size } = inputOf(row).n5;
      const last = dims.map((length, axis) => Math.ceil(length / (size[axis] ?? Number.NaN)) - 1);
      expect(await lastBlock(inputOf(row))).toEqual(last);
    },
  },
};

interface ReadBlock {
  readonly requests: readonly string[];
  readonly array: {
    readonly $special?: "undefined";
    readonly shape: Triple;
    readonly dtype: string;
    readonly values: readonly { readonly at: Triple; readonly value: number }[];
  };
}

const readBlock: VectorCheck = {
  same: async (row) => {
    const input = inputOf(row);
    const { requests, array } = row.expected as ReadBlock;
    const source = await sourceOf(input);
    const [x, y, z] = input.block;
    expect([`GET ${source.url({ level: input.zoomLevel, at: [z, y, x] })}`]).toEqual(requests);
    const level = source.level(input.zoomLevel);
    expect(level.absent).toBe("empty");
    const first = [z, y, x].map((index, axis) => index * (level.blockShape[axis] ?? Number.NaN));
    const shape = first.map((from, axis) =>
      Math.min(level.blockShape[axis] ?? Number.NaN, (level.held.upper[axis] ?? Number.NaN) - from),
    );
    if (array.$special === "undefined") {
      // Outside the array. A plan asks for no such block.
      expect(Math.min(...shape)).toBeLessThanOrEqual(0);
      return;
    }
    expect([...shape].reverse()).toEqual(array.shape);
    expect(level.dataType).toBe(array.dtype);
    const codec = source.codec(input.zoomLevel);
    if (codec.kind !== "n5") throw new Error(codec.kind);
    const voxels = storedBlock(codec.axes, first, shape);
    const [, height = 0, width = 0] = shape;
    for (const { at, value } of array.values) {
      expect(voxels[(at[2] * height + at[1]) * width + at[0]]).toBe(value);
    }
  },
};

/** The voxels of a block in its file, by the formula that the vectors were recorded with, in z, y, x order. */
function storedBlock(axes: Triple, first: readonly number[], shape: readonly number[]) {
  const inDataset = (zyx: readonly number[]): Triple =>
    [0, 1, 2].map((axis) => zyx[axes.indexOf(axis)]) as unknown as Triple;
  const [from, extent] = [inDataset(first), inDataset(shape)];
  const data = new Uint16Array(extent[0] * extent[1] * extent[2]);
  for (let i = 0; i < data.length; i++) {
    const [a, b] = [i % extent[0], Math.floor(i / extent[0])];
    const place = [a, b % extent[1], Math.floor(b / extent[1])];
    const [d0 = 0, d1 = 0, d2 = 0] = place.map((index, axis) => index + (from[axis] ?? Number.NaN));
    data[i] = (d0 + 3 * d1 + 7 * d2) % 65521;
  }
  return reorderAxes(data, extent, axes);
}

const tileUrl: VectorCheck = {
  same: async (row) => {
    const input = inputOf(row);
    const { zoomLevel, col, row: blockRow } = input;
    const source = await sourceOf(input);
    const layer = Math.floor(input.slicePixelPosition[0] / source.level(zoomLevel).blockShape[0]);
    expect(source.url({ level: zoomLevel, at: [layer, blockRow, col] })).toBe(row.expected);
  },
};

/** The checks of rows of type 11, by function. */
export const n5Checks: Readonly<Record<string, VectorCheck>> = {
  "n5.parse": parse,
  blockSize,
  blockCoordBounds: bounds,
  readBlock,
  getTileURL: tileUrl,
};
