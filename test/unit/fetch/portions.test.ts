import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { axisCuts } from "../../../src/fetch/delivery/portion-axis.js";
import { planPortions } from "../../../src/fetch/delivery/portion-plan.js";
import { Portions } from "../../../src/fetch/delivery/portions.js";
import type { Orientation3D, Triple } from "../../../src/space/axis-order.js";
import { axisOrders, reorder } from "../../../src/space/axis-order.js";
import type { ScaledBox } from "../../../src/space/scaled-box.js";
import { intersectBoxes, voxelCount } from "../../../src/space/scaled-box.js";
import { runs } from "../../support/thorough.js";

const everything: ScaledBox = {
  lower: [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
  upper: [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
};

function whole(least: number, most: number): fc.Arbitrary<number> {
  return fc.integer({ min: least, max: most });
}
function triple(least: number, most: number): fc.Arbitrary<Triple> {
  return fc.tuple(whole(least, most), whole(least, most), whole(least, most));
}
const boxes: fc.Arbitrary<ScaledBox> = fc.tuple(triple(-20, 20), triple(1, 30)).map(([lower, size]) => ({
  lower,
  upper: [lower[0] + size[0], lower[1] + size[1], lower[2] + size[2]],
}));
const requests = fc.record({
  region: boxes,
  orientation: fc.constantFrom<Orientation3D>(...axisOrders),
  level: fc.record({
    blockShape: triple(1, 9),
    origin: triple(-5, 5),
    covered: fc.oneof(fc.constant(everything), boxes),
    held: fc.oneof(fc.constant(everything), boxes),
  }),
  chunkShape: fc.option(triple(1, 12), { nil: undefined }),
  bytesPerVoxel: fc.constantFrom(1, 2, 8),
  maxBytes: fc.constantFrom(1, 100, 3000, 20_000, 1e9),
});

/** How many blocks of a level a box meets. */
function blocksMet(
  {
    blockShape,
    origin,
    covered,
    held,
  }: { readonly blockShape: Triple; readonly origin: Triple } & Record<"covered" | "held", ScaledBox>,
  box: ScaledBox,
): number {
  const within = intersectBoxes(box, covered);
  const served = within && intersectBoxes(within, held);
  if (served === undefined) return 0;
  const along = (axis: 0 | 1 | 2): number => {
    const cell = (voxel: number): number => Math.floor((voxel - origin[axis]) / blockShape[axis]);
    return cell(served.upper[axis] - 1) - cell(served.lower[axis]) + 1;
  };
  return along(0) * along(1) * along(2);
}

describe("property: portions", () => {
  test("are the region, each voxel in one, in the order in which they lie in the volume", () => {
    fc.assert(
      fc.property(requests, (request) => {
        const portions = new Portions(request);
        const { region, orientation } = request;
        let voxels = 0;
        let last: readonly number[] = [];
        for (const box of portions.boxes()) {
          expect(intersectBoxes(box, region)).toEqual(box);
          voxels += voxelCount(box);
          const at = reorder(box.lower, "zyx", orientation);
          const differs = at.findIndex((value, axis) => value !== last[axis]);
          if (last.length > 0) expect(at[differs]).toBeGreaterThan(last[differs] as number);
          last = at;
        }
        // In strictly ascending order none is there twice; of a grid, none overlaps another.
        expect(voxels).toBe(voxelCount(region));
      }),
      { numRuns: runs(125) },
    );
  });

  test("are whole chunks", () => {
    fc.assert(
      fc.property(requests, (request) => {
        const { region, orientation, chunkShape } = request;
        if (chunkShape === undefined) return;
        const chunk = reorder(chunkShape, orientation, "zyx");
        for (const { lower, upper } of new Portions(request).boxes()) {
          for (const axis of [0, 1, 2] as const) {
            expect((lower[axis] - region.lower[axis]) % chunk[axis]).toBe(0);
            if (upper[axis] !== region.upper[axis])
              expect((upper[axis] - region.lower[axis]) % chunk[axis]).toBe(0);
          }
        }
      }),
    );
  });

  test("are as many, as large, and ask for as many blocks again as they say", () => {
    fc.assert(
      fc.property(requests, (request) => {
        const portions = new Portions(request);
        const all = [...portions.boxes()];
        expect(all).toHaveLength(portions.count);
        expect(Math.max(...all.map(voxelCount))).toBeLessThanOrEqual(portions.longestVoxels);
        const blocks = blocksMet(request.level, request.region);
        const visits = all.reduce((sum, box) => sum + blocksMet(request.level, box), 0);
        expect(portions.repeats * blocks).toBeCloseTo(visits, 6);
      }),
      { numRuns: runs(125) },
    );
  });

  test.each(axisOrders)(
    "are cut along the fastest axis last, %s: runs in the file stay long",
    (orientation) => {
      const extent: Triple = [4096, 4096, 4096];
      const portions = new Portions({
        region: { lower: [0, 0, 0], upper: extent },
        orientation,
        level: {
          blockShape: [512, 512, 512],
          origin: [0, 0, 0],
          covered: { lower: [0, 0, 0], upper: extent },
          held: { lower: [0, 0, 0], upper: extent },
        },
        chunkShape: undefined,
        bytesPerVoxel: 1,
        maxBytes: 512 * 512 * 4096,
      });
      for (const { lower, upper } of portions.boxes()) {
        const shape = reorder(
          [upper[0] - lower[0], upper[1] - lower[1], upper[2] - lower[2]],
          "zyx",
          orientation,
        );
        expect(shape[2]).toBe(4096);
      }
    },
  );

  test("take no more than the limit, if a chunk does not", () => {
    fc.assert(
      fc.property(requests, (request) => {
        const portions = new Portions(request);
        const least = new Portions({ ...request, maxBytes: 0 });
        expect(portions.bytes).toBeLessThanOrEqual(Math.max(request.maxBytes, least.bytes));
        expect(portions.bytes).toBeGreaterThanOrEqual(portions.longestVoxels * request.bytesPerVoxel);
        const extents = reorder(
          request.region.upper.map((end, i) => end - (request.region.lower[i] as number)),
          "zyx",
          request.orientation,
        );
        const chunkVoxels = extents.reduce(
          (product, extent, axis) => product * Math.min(extent, request.chunkShape?.[axis] ?? 1),
          1,
        );
        expect(least.longestVoxels).toBe(chunkVoxels);
      }),
      { numRuns: runs(75) },
    );
  });

  test("hold whole blocks wherever a block fits and chunks do not forbid it", () => {
    fc.assert(
      fc.property(requests, (request) => {
        const [a, b, c] = request.level.blockShape;
        const maxBytes = a * b * c * request.bytesPerVoxel;
        const portions = new Portions({ ...request, chunkShape: undefined, maxBytes });
        expect(portions.repeats).toBe(1);
      }),
    );
  });
});

describe("cuts of an axis", () => {
  const axis = { lower: 192, upper: 4000, chunk: 64, block: 512, origin: 0, served: [192, 4000] } as const;

  test("lie at borders of blocks where those are borders of chunks", () => {
    const cuts = axisCuts(axis);
    const atBorders = cuts.filter(({ step }) => step % 512 === 0);
    expect(atBorders.map(({ step }) => step)).toEqual([4096, 2048, 1536, 1024, 512]);
    for (const { first, repeats } of atBorders) expect([first % 512, repeats]).toEqual([0, 1]);
    expect(cuts.filter(({ step }) => step < 512).map(({ step }) => step)).toEqual([256, 192, 128, 64]);
  });

  test("lie at borders of chunks alone where the two never meet", () => {
    const cuts = axisCuts({ ...axis, lower: 200, served: [200, 4000] });
    expect(new Set(cuts.map(({ first }) => first))).toEqual(new Set([200]));
    expect(cuts.find(({ portions }) => portions === 2)?.repeats).toBe(9 / 8);
  });
});

describe("a plan of portions", () => {
  const level = { origin: [0, 0, 0] as Triple, covered: everything, held: everything };
  const request = {
    writer: { write() {} },
    concurrency: 1,
    region: { lower: [0, 0, 0], upper: [7000, 30_000, 40_000] } as ScaledBox,
    level: { ...level, blockShape: [1, 512, 512] as Triple },
    chunkShape: undefined,
    bytesPerVoxel: 1,
    maxWidth: 32,
    maxMemoryBytes: 2 ** 28,
  };

  test.each(axisOrders)(
    "of a whole stack in %s asks for each block once, and takes no more than 256 MiB",
    (orientation) => {
      const { portions, memories, width } = planPortions({ ...request, orientation });
      expect(portions.repeats).toBe(1);
      expect(memories).toBeGreaterThanOrEqual(2);
      expect(memories * portions.bytes + width * 512 * 512).toBeLessThanOrEqual(2 ** 28);
    },
  );

  test("has fewer blocks under way where they are large", () => {
    const large = { ...level, blockShape: [1, 4096, 4096] as Triple };
    const { width, memories, portions } = planPortions({ ...request, orientation: "zyx", level: large });
    expect(width).toBe(4);
    expect(memories * portions.bytes + width * 2 ** 24).toBeLessThanOrEqual(2 ** 28);
  });

  test("of chunks that one block would keep from fitting twice makes do with one", () => {
    const chunkShape: Triple = [1, 10_000, 10_000];
    const { memories, width } = planPortions({
      ...request,
      orientation: "zyx",
      chunkShape,
      maxMemoryBytes: 1.005e8,
    });
    expect([memories, width]).toEqual([1, 1]);
  });

  test("refuses a limit that not even one chunk and one block keep, and says what they need", () => {
    const chunkShape: Triple = [64, 2048, 2048];
    const plan = (maxMemoryBytes: number) =>
      planPortions({ ...request, orientation: "zyx", chunkShape, maxMemoryBytes });
    expect(() => plan(2 ** 28)).toThrow(
      /^maxMemoryBytes must be at least (\d+) for blocks of 1 × 512 × 512 voxels and chunks of 64 × 2048 × 2048, got 268435456$/,
    );
    const needed = 64 * 2048 * 2048 + 512 + 512 * 512;
    expect(() => plan(needed - 1)).toThrow(String(needed));
    expect(plan(needed).memories).toBe(1);
  });
});
