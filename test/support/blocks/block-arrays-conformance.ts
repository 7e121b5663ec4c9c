import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ImageFetcher } from "../../../src/fetcher/image-fetcher.js";
import type { ImageFetcherOptions } from "../../../src/options/image-fetcher-options.js";
import type { VolumeWriter } from "../../../src/out/volume-writer.js";
import type { Orientation3D, Triple } from "../../../src/space/axis-order.js";
import { axisOrders, reorder } from "../../../src/space/axis-order.js";
import type { Voxels } from "../../../src/space/data-type.js";
import { createVoxels, elementOf, holdersOf } from "../../../src/space/data-type.js";
import { bothPlaces, type MakeFetcher, promptRetry } from "../fetching/fetcher-kinds.js";
import { sha256 } from "../sha-256.js";
import { isTried, runs } from "../thorough.js";
import { type BlockArray, blockArrays, blockStackInfo } from "./block-arrays.js";

type Voxel = number | bigint;

/**
 * Tests that all fetchers read all arrays of `test/fixtures/blocks` correctly, in Node and in a browser. Each fetcher
 * tries one axis order in `of`: with 2, the fetchers together read each array in all six.
 */
export function describeBlockArrays(url: () => string, of: number): void {
  describe.each(bothPlaces.map(([name, make], place) => ({ name, make, place })))(
    "$name",
    ({ make, place: kind }) => {
      test.each(blockArrays)("$name: its SHA-256, and the same voxels in other orders", async (array) => {
        const tried = axisOrders.filter((_, order) => isTried(of, blockArrays.indexOf(array), kind, order));
        expect(tried).not.toEqual([]);
        const whole = await wholeOf(make, url(), array, { cacheBytes: 0 });
        expect(await sha256(whole)).toBe(array.sha256);
        for (const orientation of tried) {
          const fetcher = fetcherOf(make, url(), array, { outputOrientation: orientation });
          const box = { lower: [0, 0, 0], upper: array.shape } as const;
          const { data, dataType, report } = await get(fetcher, array, box, orientation);
          expect(dataType).toBe(array.dataType);
          expectSame(data, boxOf(array, whole, box, orientation));
          expect(report.filled).toEqual([]);
          expect(report.blocks.planned).toBe(report.blocks.fetched + report.blocks.empty);
        }
      });

      test("property: every box, in every order, beyond the array's ends too, is that part of the whole", async () => {
        const wholes = new Map<BlockArray, Voxels>();
        const property = fc.asyncProperty(
          fc.constantFrom(...blockArrays).chain((array) => anyBoxOf(array).map((box) => ({ array, box }))),
          fc.constantFrom(...axisOrders),
          fc.constantFrom(
            "new" as const,
            "memory" as const,
            "strides" as const,
            "writer" as const,
            "chunks" as const,
          ),
          async ({ array, box }, orientation, out) => {
            const whole = wholes.get(array) ?? (await wholeOf(make, url(), array));
            wholes.set(array, whole);
            const options = { outputOrientation: orientation, fillValue } as const;
            const fetcher = fetcherOf(make, url(), array, options);
            const got = await gotIn[out](fetcher, array, box, orientation);
            expectSame(got, boxOf(array, whole, box, orientation));
            await fetcher.close();
          },
        );
        await fc.assert(property, { numRuns: runs(20) });
      });
    },
  );
}

const fillValue = 97;

interface Box {
  /** z, y, x. */
  readonly lower: Triple;
  readonly upper: Triple;
}

function anyBoxOf({ shape }: BlockArray): fc.Arbitrary<Box> {
  const along = (axis: 0 | 1 | 2): fc.Arbitrary<readonly [number, number]> =>
    fc
      .tuple(fc.integer({ min: -4, max: shape[axis] + 4 }), fc.integer({ min: -4, max: shape[axis] + 4 }))
      .map(([a, b]) => [Math.min(a, b), Math.max(a, b) + 1]);
  return fc.tuple(along(0), along(1), along(2)).map(([z, y, x]) => ({
    lower: [z[0], y[0], x[0]],
    upper: [z[1], y[1], x[1]],
  }));
}

/** Fetches a box into each kind of destination. */
const gotIn: Readonly<
  Record<
    "new" | "memory" | "strides" | "writer" | "chunks",
    (fetcher: ImageFetcher, array: BlockArray, box: Box, order: Orientation3D) => Promise<Voxel[]>
  >
> = {
  new: async (fetcher, array, box, order) => [...(await get(fetcher, array, box, order)).data],
  memory: async (fetcher, array, box, order) => {
    // The widest type that can hold the voxels.
    const out = createVoxels(holdersOf(array.dataType).at(-1) ?? array.dataType, sizeOf(box));
    expect((await get(fetcher, array, box, order, out)).data).toBe(out);
    return [...out];
  },
  strides: async (fetcher, array, box, order) => {
    const shape = reorder(shapeOf(box), "zyx", order);
    const memory = createVoxels(array.dataType, sizeOf(box) + 3);
    // Backwards along all axes, and not from the first element.
    const stride: Triple = [-shape[1] * shape[2], -shape[2], -1];
    await get(fetcher, array, box, order, { data: memory, shape, stride, offset: sizeOf(box) + 1 });
    expect(Array.from(memory.subarray(0, 2), Number)).toEqual([0, 0]);
    return [...memory.subarray(2, -1)].reverse();
  },
  writer: (fetcher, array, box, order) => written(fetcher, array, box, order),
  chunks: (fetcher, array, box, order) => written(fetcher, array, box, order, [7, 11, 5]),
};

async function written(
  fetcher: ImageFetcher,
  array: BlockArray,
  box: Box,
  order: Orientation3D,
  chunkShape?: Triple,
): Promise<Voxel[]> {
  const [, rows, columns] = reorder(shapeOf(box), "zyx", order);
  const voxels: Voxel[] = new Array(sizeOf(box));
  const told: string[] = [];
  const writer: VolumeWriter = {
    ...(chunkShape && { chunkShape }),
    begin: ({ dataType }) => void told.push(dataType),
    write({ lower, upper }, { data }) {
      let from = 0;
      for (let i = lower[0]; i < upper[0]; i++)
        for (let j = lower[1]; j < upper[1]; j++)
          for (let k = lower[2]; k < upper[2]; k++)
            voxels[(i * rows + j) * columns + k] = data[from++] ?? Number.NaN;
    },
    flush: () => void told.push("flush"),
  };
  await get(fetcher, array, box, order, writer);
  expect(told).toEqual([array.dataType, "flush"]);
  return voxels;
}

function get(fetcher: ImageFetcher, array: BlockArray, box: Box, order: Orientation3D, out?: object) {
  const roi = [reorder(box.lower, "zyx", order), reorder(box.upper, "zyx", order)] as const;
  return fetcher.getScaledSpace(roi, { zoomLevel: array.zoomLevel, ...(out && { out: out as never }) });
}

function fetcherOf(
  make: MakeFetcher,
  url: string,
  array: BlockArray,
  options: ImageFetcherOptions = {},
): ImageFetcher {
  const warnings: string[] = [];
  const fetcher = make(blockStackInfo(array, [url]), {
    retry: promptRetry,
    onWarning: (warning) => warnings.push(warning),
    ...options,
  });
  onTestFinished(async () => {
    await fetcher.close();
    // Half of 45 voxels is 23 here, and 22 for the fixture's maker. A region may also consist of empty blocks only.
    const expected = /zoom level 1|the mirror stores none of the blocks/;
    expect(warnings.filter((warning) => !expected.test(warning))).toEqual([]);
  });
  return fetcher;
}

async function wholeOf(
  make: MakeFetcher,
  url: string,
  array: BlockArray,
  options?: ImageFetcherOptions,
): Promise<Voxels> {
  const fetcher = fetcherOf(make, url, array, options);
  return (await get(fetcher, array, { lower: [0, 0, 0], upper: array.shape }, "zyx")).data;
}

/** Much faster than a comparison with `toEqual`. */
function expectSame(got: ArrayLike<Voxel>, wanted: ArrayLike<Voxel>): void {
  expect(got.length).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++) {
    if (!Object.is(got[i], wanted[i])) expect(`voxel ${i}: ${got[i]}`).toBe(`voxel ${i}: ${wanted[i]}`);
  }
}

/** A box of the whole, voxel by voxel, with the fill value outside. */
function boxOf({ dataType, shape }: BlockArray, whole: Voxels, box: Box, order: Orientation3D): Voxels {
  const voxels = createVoxels(dataType, sizeOf(box));
  const lower = reorder(box.lower, "zyx", order);
  const upper = reorder(box.upper, "zyx", order);
  const size = reorder(shape, "zyx", order);
  const stride = reorder([shape[1] * shape[2], shape[2], 1], "zyx", order);
  const fill = elementOf(dataType, fillValue);
  let to = 0;
  for (let i = lower[0]; i < upper[0]; i++)
    for (let j = lower[1]; j < upper[1]; j++)
      for (let k = lower[2]; k < upper[2]; k++) {
        const isIn = i >= 0 && i < size[0] && j >= 0 && j < size[1] && k >= 0 && k < size[2];
        const voxel = isIn ? whole[i * stride[0] + j * stride[1] + k * stride[2]] : fill;
        voxels[to++] = voxel as never;
      }
  return voxels;
}

function shapeOf({ lower, upper }: Box): Triple {
  return [upper[0] - lower[0], upper[1] - lower[1], upper[2] - lower[2]];
}

function sizeOf(box: Box): number {
  const [depth, height, width] = shapeOf(box);
  return depth * height * width;
}
