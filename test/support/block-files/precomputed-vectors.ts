import { expect } from "vitest";
import type { BlockSource } from "../../../src/source/block-source.js";
import { openPrecomputed } from "../../../src/source/precomputed/open-precomputed.js";
import type { Triple, Vector3 } from "../../../src/space/axis-order.js";
import type { BlockIndex } from "../../../src/space/block.js";
import { parseBlockAddress } from "../../../src/stack/mirror/block-address.js";
import { Stack } from "../../../src/stack/stack.js";
import { reorderAxes } from "../../../workers/decode/axes/reorder-axes.js";
import { blockMirror, FakeServer } from "../blocks/block-mirror.js";
import { lastBlockAsked } from "../blocks/last-block-asked.js";
import type { VectorCheck, VectorRow } from "../model/vectors.js";

interface Scale {
  readonly size: Triple;
  readonly voxel_offset: Triple;
}

interface PrecomputedInput {
  readonly imageBase: string;
  readonly info: { readonly scales: readonly Scale[] };
  readonly zoomLevel: number;
  /** Stack order: x, y, z. */
  readonly block: Triple;
  readonly col: number;
  readonly row: number;
  readonly slicePixelPosition: readonly [number];
  readonly stack: { readonly canaryLocation: Vector3 };
}

function inputOf(row: VectorRow): PrecomputedInput {
  return row.input as unknown as PrecomputedInput;
}

const placeholder = "%SCALE_DATASET%";
const { signal } = new AbortController();

/** Takes the volume's values for x, y and z of the stack. */
function ofStack({ imageBase }: PrecomputedInput, values: Triple): Triple {
  const dims = imageBase.slice(imageBase.lastIndexOf("/") + 1).split("_");
  return dims.map((axis) => values[Number(axis)]) as unknown as Triple;
}

function scaleOf({ info }: PrecomputedInput, level: number): Scale {
  return info.scales[level] as Scale;
}

/** The stack of the volume. Each level has half the extent along all axes. */
function stackOf(input: PrecomputedInput): Stack {
  const [x, y, z] = ofStack(input, scaleOf(input, 0).size);
  const downsampleFactors = input.info.scales.map((_, level) => ({
    x: 2 ** level,
    y: 2 ** level,
    z: 2 ** level,
  }));
  return new Stack({ dimension: { x, y, z }, downsampleFactors });
}

async function openWith(input: PrecomputedInput) {
  const server = new FakeServer(() => input.info);
  const mirror = blockMirror(14, input.imageBase);
  const options = { channel: undefined };
  return { server, source: await openPrecomputed(stackOf(input), mirror, options, server.ask, signal) };
}

async function sourceOf(input: PrecomputedInput): Promise<BlockSource> {
  return (await openWith(input)).source;
}

const parse: VectorCheck = {
  same: async (row) => {
    const input = inputOf(row);
    const parsed = parseBlockAddress(input.imageBase);
    if ("problem" in parsed) throw new Error(parsed.problem);
    const { after, sliceDims } = parsed.address;
    const { server, source } = await openWith(input);
    const levels = input.info.scales.map((_, level) => source.level(level));
    expect({
      sliceDims,
      reciprocalSliceDims: sliceDims.map((_, axis) => sliceDims.indexOf(axis)),
      rootURL: server.asked.join().replace(/\/info$/, ""),
      datasetPathFormat: placeholder + after,
      numScaleLevels: levels.length,
      dataType: levels[0]?.dataType,
    }).toEqual(row.expected);
  },
};

const blockSize: VectorCheck = {
  same: async (row) => {
    const input = inputOf(row);
    const [z, y, x] = (await sourceOf(input)).level(input.zoomLevel).blockShape;
    expect([x, y, z]).toEqual(row.expected);
  },
};

/** The offset in the name of the first chunk, for x, y and z of the stack. */
const voxelOffset: VectorCheck = {
  same: async (row) => {
    const input = inputOf(row);
    const source = await sourceOf(input);
    const name = source.url({ level: input.zoomLevel, at: [0, 0, 0] }).replace(/.*\//, "");
    const lower = name.split("_").map((part) => Number.parseInt(part, 10)) as unknown as Triple;
    expect(ofStack(input, lower)).toEqual(row.expected);
    expect(source.level(input.zoomLevel).origin).toEqual([0, 0, 0]);
  },
};

const bounds: VectorCheck = {
  same: async (row) => {
    const input = inputOf(row);
    const [z, y, x] = lastBlockAsked(stackOf(input), await sourceOf(input), input.zoomLevel);
    // In the volume's axis order. All recorded orders are 0_1_2 or their own inverse.
    expect({ min: [0, 0, 0], max: ofStack(input, [x, y, z]) }).toEqual(row.expected);
  },
};

/** Cuts the ends in a chunk's name at the end of the volume. CATMAID's names go beyond it. */
function clipped(url: string, input: PrecomputedInput, level: number): string {
  const { size, voxel_offset } = scaleOf(input, level);
  const parts = url.replace(/.*\//, "").split("_");
  const name = parts.map((part, axis) => {
    const [lower, upper] = part.split("-").map(Number) as [number, number];
    return `${lower}-${Math.min(upper, (voxel_offset[axis] as number) + (size[axis] as number))}`;
  });
  return url.replace(/[^/]*$/, name.join("_"));
}

interface ReadBlock {
  readonly requests: readonly string[];
  readonly array: {
    readonly $special?: "undefined";
    readonly shape: readonly number[];
    readonly dtype: string;
    readonly values: readonly { readonly at: readonly [number, number, number]; readonly value: number }[];
  };
}

function blockOf({ zoomLevel, block: [x, y, z] }: PrecomputedInput): BlockIndex {
  return { level: zoomLevel, at: [z, y, x] };
}

const readBlock: VectorCheck = {
  same: async (row) => {
    const input = inputOf(row);
    const { requests, array } = row.expected as ReadBlock;
    const source = await sourceOf(input);
    const block = blockOf(input);
    const shape = source.shapeOf?.(block) ?? [0, 0, 0];
    if (array.$special === "undefined") {
      // Outside the volume. A plan asks for no such block.
      expect(requests).toEqual([]);
      expect(Math.min(...shape)).toBeLessThanOrEqual(0);
      return;
    }
    expect([`GET ${source.url(block)}`]).toEqual(requests);
    const { dataType } = source.level(input.zoomLevel);
    expect([shape[2], shape[1], shape[0], 1, dataType]).toEqual([...array.shape, array.dtype]);
    const voxels = storedChunk(source, input, shape);
    for (const { at, value } of array.values) {
      expect(voxels[(at[2] * shape[1] + at[1]) * shape[2] + at[0]]).toBe(value);
    }
  },
  other: {
    "precomputed-edges": async (row) => {
      const input = inputOf(row);
      const source = await sourceOf(input);
      const block = blockOf(input);
      expect([`GET ${source.url(block)}`]).toEqual((row.expected as ReadBlock).requests);
      const shape = source.shapeOf?.(block) ?? [0, 0, 0];
      expect(Math.min(...shape)).toBeGreaterThan(0);
      expect(storedChunk(source, input, shape).some((voxel) => voxel !== 0)).toBe(true);
    },
  },
};

/** The voxels of a chunk in its file, by the formula that the vectors were recorded with, in z, y, x order. */
function storedChunk(source: BlockSource, input: PrecomputedInput, [depth, height, width]: Triple) {
  const codec = source.codec(input.zoomLevel);
  if (codec.kind !== "precomputed") throw new Error(codec.kind);
  const [z, y, x] = source.level(input.zoomLevel).blockShape;
  // Converts from the stack to the volume too, because all recorded orders are their own inverse.
  const extent = ofStack(input, [width, height, depth]);
  const chunk = ofStack(input, [x, y, z]);
  const from = ofStack(input, input.block).map((index, axis) => index * (chunk[axis] as number));
  const data = new Uint16Array(depth * height * width);
  for (let i = 0; i < data.length; i++) {
    const row = Math.floor(i / extent[0]);
    const place = [i % extent[0], row % extent[1], Math.floor(row / extent[1])];
    const [d0 = 0, d1 = 0, d2 = 0] = place.map((index, axis) => index + (from[axis] as number));
    data[i] = (d0 + 3 * d1 + 7 * d2) % 65521;
  }
  return reorderAxes(data, extent, codec.axes);
}

async function urlOfTile(input: PrecomputedInput): Promise<string> {
  const { zoomLevel: level, col, row, slicePixelPosition } = input;
  const source = await sourceOf(input);
  const layer = Math.floor(slicePixelPosition[0] / source.level(level).blockShape[0]);
  return source.url({ level, at: [layer, row, col] });
}

const tileUrl: VectorCheck = {
  same: async (row) => expect(await urlOfTile(inputOf(row))).toBe(row.expected),
  other: {
    "precomputed-names": async (row) => {
      const input = inputOf(row);
      expect(await urlOfTile(input)).toBe(clipped(String(row.expected), input, input.zoomLevel));
    },
    "precomputed-axes": async (row) => {
      const input = inputOf(row);
      const { zoomLevel, col, row: y, slicePixelPosition } = input;
      const source = await sourceOf(input);
      const { blockShape } = source.level(zoomLevel);
      const [d0, d1, d2] = scaleOf(input, zoomLevel).voxel_offset;
      const z = Math.floor(slicePixelPosition[0] / blockShape[0]);
      // 2_1_0: the volume's x is the stack's z.
      const lower = [d0 + z * blockShape[0], d1 + y * blockShape[1], d2 + col * blockShape[2]];
      const whole = lower.map((from, axis) => `${from}-${from + (blockShape[axis] as number)}`).join("_");
      const expected = String(row.expected).replace(/[^/]*$/, whole);
      expect(await urlOfTile(input)).toBe(clipped(expected, input, zoomLevel));
    },
  },
};

const canaryUrl: VectorCheck = {
  same: async (row) => {
    const input = inputOf(row);
    const source = await sourceOf(input);
    const { blockShape } = source.level(0);
    const { x, y, z } = input.stack.canaryLocation;
    const at = [z, y, x].map((voxel, axis) => Math.floor(voxel / (blockShape[axis] as number)));
    expect(source.url({ level: 0, at: at as unknown as Triple })).toBe(row.expected);
  },
};

/** The checks of rows of type 14, by function. */
export const precomputedChecks: Readonly<Record<string, VectorCheck>> = {
  "ngpre.parse": parse,
  blockSize,
  voxelOffset,
  blockCoordBounds: bounds,
  readBlock,
  getTileURL: tileUrl,
  getCanaryUrl: canaryUrl,
};
