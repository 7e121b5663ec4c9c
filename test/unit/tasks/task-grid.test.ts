import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Portions } from "../../../src/fetch/delivery/portions.js";
import { axisOrders, type Orientation3D, reorder, type Triple } from "../../../src/space/axis-order.js";
import { planStages, type StageRequest, type StagesRequest } from "../../../src/tasks/plan/plan-stages.js";
import { TaskGrid } from "../../../src/tasks/plan/task-grid.js";

function whole(least: number, most: number): fc.Arbitrary<number> {
  return fc.integer({ min: least, max: most });
}
function triple(least: number, most: number): fc.Arbitrary<Triple> {
  return fc.tuple(whole(least, most), whole(least, most), whole(least, most));
}

interface Cut {
  readonly request: StagesRequest;
  readonly bytes: number;
  readonly shape: Triple;
  readonly unitShape: Triple | undefined;
}

/** A level that is fetched, or computed, and the size of its tasks. */
const cuts: fc.Arbitrary<Cut> = fc
  .record({
    shape: triple(1, 30),
    unitShape: fc.option(triple(1, 9), { nil: undefined }),
    orientation: fc.constantFrom<Orientation3D>(...axisOrders),
    origin: triple(-15, 15),
    blockShape: triple(1, 9),
    blockOrigin: triple(-5, 5),
    isFetched: fc.boolean(),
    bytes: fc.constantFrom(1, 60, 500, 4000, 1e6),
    bytesPerVoxel: fc.constantFrom(1, 8),
  })
  .map(
    ({ shape, unitShape, orientation, origin, blockShape, blockOrigin, isFetched, bytes, bytesPerVoxel }) => {
      const level = { shape, factor: [1, 1, 1], resolution: [1, 1, 1], position: [0, 0, 0] } as const;
      const lower = reorder(origin, orientation, "zyx");
      const end = shape.map((extent, axis) => extent + (origin[axis] ?? 0));
      const mirrorLevel = {
        zoomLevel: 0,
        dataType: "uint8",
        encoding: "png",
        sharded: false,
        blockShape,
        origin: blockOrigin,
        lower,
        upper: reorder(end, orientation, "zyx"),
      } as const;
      const stage: StageRequest = {
        level,
        unitShape,
        fetched: isFetched ? { origin, mirrorLevel } : undefined,
      };
      return { request: { orientation, bytesPerVoxel, levels: [stage] }, bytes, shape, unitShape };
    },
  );

function gridOf({ request, bytes, shape }: Cut): TaskGrid {
  const { stages } = planStages(request, { bytes });
  const [stage] = stages;
  if (stage === undefined) throw new Error("there is a stage for each level");
  const grid = new TaskGrid(shape, stage.lines);
  expect(grid.count).toBe(stage.tasks);
  return grid;
}

describe("property: the boxes of tasks", () => {
  test("are the level, each voxel in one, at borders of files", () => {
    fc.assert(
      fc.property(cuts, (cut) => {
        const { shape, unitShape = [1, 1, 1] } = cut;
        const grid = gridOf(cut);
        const taken = new Uint8Array(shape[0] * shape[1] * shape[2]);
        for (let number = 0; number < grid.count; number++) {
          const { lower, upper } = grid.box(number);
          for (const axis of [0, 1, 2] as const) {
            expect(lower[axis]).toBeLessThan(upper[axis]);
            expect(lower[axis] % unitShape[axis]).toBe(0);
            if (upper[axis] !== shape[axis]) expect(upper[axis] % unitShape[axis]).toBe(0);
          }
          for (let i = lower[0]; i < upper[0]; i++)
            for (let j = lower[1]; j < upper[1]; j++)
              for (let k = lower[2]; k < upper[2]; k++) {
                const at = (i * shape[1] + j) * shape[2] + k;
                taken[at] = (taken[at] ?? 0) + 1;
              }
        }
        expect(taken.every((times) => times === 1)).toBe(true);
      }),
    );
  });

  test("are found by what they share with a box", () => {
    fc.assert(
      fc.property(cuts, triple(0, 29), triple(1, 30), (cut, from, extent) => {
        const grid = gridOf(cut);
        const along = (axis: 0 | 1 | 2): readonly [number, number] => {
          const lower = from[axis] % cut.shape[axis];
          return [lower, Math.min(cut.shape[axis], lower + extent[axis])];
        };
        const ranges = [along(0), along(1), along(2)] as const;
        const box = {
          lower: [ranges[0][0], ranges[1][0], ranges[2][0]],
          upper: [ranges[0][1], ranges[1][1], ranges[2][1]],
        } as const;
        const meets = (number: number): boolean => {
          const { lower, upper } = grid.box(number);
          return ([0, 1, 2] as const).every(
            (axis) => lower[axis] < box.upper[axis] && upper[axis] > box.lower[axis],
          );
        };
        const expected = Array.from({ length: grid.count }, (_, number) => number).filter(meets);
        expect([...grid.meeting(box)]).toEqual(expected);
      }),
    );
  });

  test("are those of the portions in which a fetch hands a volume over", () => {
    fc.assert(
      fc.property(cuts, (cut) => {
        const [stage] = cut.request.levels;
        if (stage?.fetched === undefined) return;
        const { origin, mirrorLevel } = stage.fetched;
        const { orientation, bytesPerVoxel } = cut.request;
        const portions = new Portions({
          region: mirrorLevel,
          orientation,
          level: { ...mirrorLevel, covered: mirrorLevel, held: mirrorLevel },
          chunkShape: cut.unitShape,
          bytesPerVoxel,
          maxBytes: cut.bytes,
          usualBytes: cut.bytes,
        });
        const grid = gridOf(cut);
        const inStack = (corner: Triple): Triple =>
          reorder([corner[0] + origin[0], corner[1] + origin[1], corner[2] + origin[2]], orientation, "zyx");
        const boxes = Array.from({ length: grid.count }, (_, number) => {
          const { lower, upper } = grid.box(number);
          return { lower: inStack(lower), upper: inStack(upper) };
        });
        expect(boxes).toEqual([...portions.boxes()]);
      }),
    );
  });

  test("are at most as many as are asked for, where files allow it", () => {
    fc.assert(
      fc.property(cuts, whole(1, 40), (cut, most) => {
        const { tasks } = planStages(cut.request, { tasks: most }).stages[0] ?? { tasks: 0 };
        expect(tasks).toBeGreaterThan(0);
        expect(tasks).toBeLessThanOrEqual(most);
      }),
      { numRuns: 50 },
    );
  });
});
