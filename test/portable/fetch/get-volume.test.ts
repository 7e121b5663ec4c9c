import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { NdArrayLike } from "../../../src/out/volume-out.js";
import type { VolumeBox } from "../../../src/out/volume-writer.js";
import type { Triple } from "../../../src/space/axis-order.js";
import type { BlockResult } from "../../../workers/protocol.js";
import { RecordingWriter } from "../../support/exports/recording-writer.js";
import type { RegionCase } from "../../support/model/arbitrary-regions.js";
import { regionCases } from "../../support/model/arbitrary-regions.js";
import { fetcherOn, ModelPool } from "../../support/model/model-fetcher.js";
import { expectedVolume } from "../../support/model/model-stack.js";
import { runs } from "../../support/thorough.js";

const missing: BlockResult = { kind: "missing", status: 404, bodyBytes: 0 };

/** A fetcher for a case, and what it should give. */
function setUp({ stack, region, maxRequests, cacheItems }: RegionCase) {
  const pool = new ModelPool(stack, (tile) => (region.isMissing?.(tile) ? missing : undefined));
  const fetcher = fetcherOn(pool, stack, {
    outputOrientation: region.orientation,
    brokenSliceHandling: region.handling,
    fillValue: region.fillValue,
    maxRequests,
    cacheItems,
  });
  const roi = [region.lower, region.upper] as const;
  const options = { roiMode: "scaled", zoomLevel: region.zoomLevel } as const;
  return { pool, fetcher, roi, options, expected: expectedVolume(stack, region) };
}

/** An array of any strides for a shape, between other elements that must not change. */
const stridedOuts = fc.record({
  order: fc.shuffledSubarray([0, 1, 2], { minLength: 3 }),
  signs: fc.array(fc.constantFrom(1, -1), { minLength: 3, maxLength: 3 }),
  paddings: fc.array(fc.nat(3), { minLength: 3, maxLength: 3 }),
  before: fc.nat(5),
  clamped: fc.boolean(),
});
type StridedOut = typeof stridedOuts extends fc.Arbitrary<infer T> ? T : never;

const untouched = 253;

const extent = fc.integer({ min: 1, max: 12 });
const writerCases = fc.record({
  chunkShape: fc.option(fc.tuple(extent, extent, extent), { nil: undefined }),
  concurrency: fc.integer({ min: 1, max: 3 }),
  /** Bytes beyond the fewest that will do. */
  memory: fc.constantFrom(0, 500, 4000, 1e6),
});

function stridedArray({ order, signs, paddings, before, clamped }: StridedOut, shape: Triple): NdArrayLike {
  const stride = [0, 0, 0];
  let step = 1 + (paddings[0] ?? 0);
  let offset = before;
  for (const [i, axis] of order.entries()) {
    stride[axis] = step * (signs[axis] ?? 1);
    if (signs[axis] === -1) offset += step * ((shape[axis] ?? 1) - 1);
    step = step * (shape[axis] ?? 1) + (paddings[i] ?? 0);
  }
  const memory = clamped ? new Uint8ClampedArray(before + step + 3) : new Uint8Array(before + step + 3);
  return { data: memory.fill(untouched), shape, stride, offset };
}

/** The elements of an array that belong to its volume, in order, and those that do not. */
function split({ data, shape, stride, offset = 0 }: NdArrayLike): { inside: number[]; others: number[] } {
  const rest: (number | undefined)[] = [...(data as Uint8Array)];
  const inside: number[] = [];
  for (let i = 0; i < (shape[0] ?? 0); i++)
    for (let j = 0; j < (shape[1] ?? 0); j++)
      for (let k = 0; k < (shape[2] ?? 0); k++) {
        const at = offset + i * (stride[0] ?? 0) + j * (stride[1] ?? 0) + k * (stride[2] ?? 0);
        inside.push(Number(data[at]));
        rest[at] = undefined;
      }
  return { inside, others: rest.filter((value) => value !== undefined) };
}

describe("property: an assembled voxel is the model's voxel, at any ROI, zoom, tile size, axis order and broken set", () => {
  test("in a new array, with a report that adds up", async () => {
    await fc.assert(
      fc.asyncProperty(regionCases, async (regionCase) => {
        const { fetcher, pool, roi, options, expected } = setUp(regionCase);
        const volume = await fetcher.get(roi, options).catch((error: { code?: string }) => {
          expect([error.code, expected.unanswerable]).toEqual(["broken-slice", true]);
        });
        if (volume === undefined) return;
        expect(expected.unanswerable).toBe(false);
        expect(volume.data).toEqual(expected.data);
        const [a, b, c] = regionCase.shape;
        expect(volume).toMatchObject({ shape: [a, b, c], stride: [b * c, c, 1], offset: 0, origin: roi[0] });
        const { tiles, filled, outside, bytes, decoders } = volume.report;
        expect(outside).toBe(expected.outside);
        expect(tiles.fetched + tiles.cached + tiles.filled).toBe(tiles.planned);
        expect(filled).toHaveLength(tiles.filled);
        const had = pool.asked.filter((tile) => !regionCase.region.isMissing?.(tile));
        expect(had).toHaveLength(tiles.fetched);
        if (regionCase.cacheItems > 100)
          expect(new Set(had.map((tile) => JSON.stringify(tile))).size).toBe(had.length);
        expect(decoders["model"] ?? 0).toBe(tiles.fetched);
        expect(bytes === 0).toBe(tiles.fetched === 0);
      }),
      { numRuns: runs(100) },
    );
  });

  test("in an array with strides of any order and sign, and in no other element of it", async () => {
    await fc.assert(
      fc.asyncProperty(regionCases, stridedOuts, async (regionCase, strides) => {
        const { fetcher, roi, options, expected } = setUp(regionCase);
        if (expected.unanswerable) return;
        const out = stridedArray(strides, regionCase.shape);
        const volume = await fetcher.get(roi, { ...options, out });
        expect(volume.data).toBe(out.data);
        expect(volume.out).toBe(out);
        expect([volume.stride, volume.offset]).toEqual([out.stride, out.offset]);
        const { inside, others } = split(out);
        expect(inside).toEqual([...expected.data]);
        expect(others.every((value) => value === untouched)).toBe(true);
      }),
      { numRuns: runs(75) },
    );
  });

  test("through a writer of any chunks, concurrency and memory, each voxel once, flushed once at the end", async () => {
    await fc.assert(
      fc.asyncProperty(regionCases, writerCases, async (regionCase, { chunkShape, concurrency, memory }) => {
        const { fetcher, pool, roi, options, expected } = setUp(regionCase);
        if (expected.unanswerable) return;
        const { shape } = regionCase;
        const out = new RecordingWriter(shape, { chunkShape, concurrency });
        const { tileWidth, tileHeight } = regionCase.stack;
        const [a, b, c] = chunkShape ?? [1, 1, 1];
        const least = tileWidth * tileHeight + a * b * c + 512;
        const maxMemoryBytes = least + memory;
        const estimate = await fetcher.estimate(roi, { ...options, out, maxMemoryBytes });
        const volume = await fetcher.get(roi, { ...options, out, maxMemoryBytes });
        expect(volume.data).toBeUndefined();
        expect(out.faults).toEqual([]);
        expect(out.times.every((times) => times === 1)).toBe(true);
        expect(out.data).toEqual(expected.data);
        expect([out.flushes, out.report]).toEqual([1, volume.report]);
        const { tiles, outside } = volume.report;
        expect(tiles.fetched + tiles.cached + tiles.filled).toBe(tiles.planned);
        expect(outside).toBe(expected.outside);
        expect(estimate.memoryBytes).toBeLessThanOrEqual(maxMemoryBytes);
        const filled = volume.report.filled.filter(({ cause }) => cause === "missing").length;
        expect(tiles.fetched + tiles.cached + filled).toBe(estimate.requests);
        if (estimate.requests === estimate.blocks && !regionCase.missingOneIn)
          expect(pool.asked).toHaveLength(estimate.blocks);
        if (chunkShape === undefined) return;
        for (const { lower, upper } of out.boxes) {
          for (const axis of [0, 1, 2] as const) {
            expect(lower[axis] % chunkShape[axis]).toBe(0);
            expect(upper[axis]).toBe(Math.min(shape[axis], lower[axis] + chunkShape[axis]));
          }
        }
      }),
      { numRuns: runs(100) },
    );
  });

  test("through a writer that has some chunks, all others, and nothing is asked for those alone", async () => {
    await fc.assert(
      fc.asyncProperty(regionCases, writerCases, fc.nat(3), async (regionCase, { chunkShape }, oneIn) => {
        const { fetcher, pool, roi, options, expected } = setUp(regionCase);
        if (expected.unanswerable || chunkShape === undefined) return;
        const { shape } = regionCase;
        const isHeld = ({ lower }: VolumeBox): boolean =>
          (lower[0] + lower[1] * 3 + lower[2]) % (oneIn + 1) === 0;
        const out = new RecordingWriter(shape, { chunkShape, has: isHeld });
        const { report } = await fetcher.get(roi, { ...options, out });
        expect(out.faults).toEqual([]);
        expect(out.asked).toHaveLength(new Set(out.asked.map(({ lower }) => lower.join())).size);
        expect(out.boxes.filter(isHeld)).toEqual([]);
        expect(out.boxes).toHaveLength(out.asked.filter((box) => !isHeld(box)).length);
        out.times.forEach((times, i) => {
          expect([times, out.data[i]]).toEqual(times === 0 ? [0, 0] : [1, expected.data[i]]);
        });
        const { tiles } = report;
        expect(tiles.fetched + tiles.cached + tiles.filled).toBe(tiles.planned);
        if (oneIn === 0) expect([pool.asked, tiles.planned]).toEqual([[], 0]);
      }),
      { numRuns: runs(50) },
    );
  });

  test("also where a fetcher is used again and again, at several zoom levels at once", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(regionCases, { minLength: 2, maxLength: 4 }), async (cases) => {
        const [first] = cases;
        if (first === undefined) return;
        const { fetcher } = setUp({
          ...first,
          region: { ...first.region, orientation: "zyx" },
          cacheItems: 5,
        });
        const fetches = cases.map(async ({ region }) => {
          const { stack } = first;
          const zoomLevel = Math.min(region.zoomLevel, fetcher.stack.maxZoomLevel);
          const wanted = {
            ...first.region,
            orientation: "zyx",
            lower: region.lower,
            upper: region.upper,
            zoomLevel,
          } as const;
          const expected = expectedVolume(stack, wanted);
          if (expected.unanswerable) return;
          const { data } = await fetcher.get([region.lower, region.upper], { roiMode: "scaled", zoomLevel });
          expect(data).toEqual(expected.data);
        });
        await Promise.all(fetches);
      }),
      { numRuns: 100 },
    );
  });
});
