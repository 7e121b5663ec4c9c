import { describe, expect, it } from "vitest";
import { InvalidRoiError, InvalidZoomLevelError } from "../../../src/errors.js";
import { BlockPlan } from "../../../src/plan/block-plan.js";
import type { Axis, Orientation3D, Triple, Vector3 } from "../../../src/space/axis-order.js";
import { reorder } from "../../../src/space/axis-order.js";
import { CoordinateTransformer } from "../../../src/space/coordinate-transformer.js";
import type { ROIMode } from "../../../src/space/roi.js";
import { parseStackOrientation } from "../../../src/space/stack-orientation.js";
import { StackMirror } from "../../../src/stack/mirror/stack-mirror.js";
import { TileIndex } from "../../../src/stack/mirror/tile-index.js";
import { ProjectStack } from "../../../src/stack/project-stack.js";
import { scaledRoi } from "../../../src/stack/scaled-roi.js";
import vectors from "../../fixtures/vectors/catpy-geometry.json" with { type: "json" };
import { levelOf } from "../../support/fetching/plan-steps.js";
import type { VectorCheck, VectorInput, VectorRow } from "../../support/model/vectors.js";
import { checkVectors } from "../../support/model/vectors.js";

type Tile = readonly [depth: number, row: number, col: number];

interface Case {
  readonly id: string;
  readonly stack: keyof typeof vectors.stacks;
  readonly orientation: Orientation3D;
  readonly roi: readonly [Triple, Triple];
  readonly roi_dtype: string;
  readonly roi_mode: ROIMode;
  readonly zoom: number;
  readonly mirror_info: unknown;
  readonly override?: Readonly<Record<string, unknown>>;
  readonly expected: {
    readonly roi_to_scaled: readonly [Triple, Triple];
    readonly shape: Triple | null;
    readonly tiles: readonly Tile[] | null;
    readonly urls: readonly string[];
  };
}

function caseOf(row: VectorRow): Case {
  return row.input as unknown as Case;
}

function stackOf({ stack, override }: Case): ProjectStack {
  return ProjectStack.fromStackInfo({ ...vectors.stacks[stack], ...override });
}

function mirrorOf(given: Case): StackMirror {
  const { orientation, id, projectId } = stackOf(given);
  return StackMirror.fromJSON(given.mirror_info, {
    orientation,
    stackId: id,
    projectId,
    catmaidUrl: "http://127.0.0.1:18471/catmaid/",
  });
}

function roiOf(given: Case, roi: unknown = given.roi): readonly [Triple, Triple] {
  return scaledRoi(stackOf(given), roi, given.roi_mode, given.zoom, given.orientation);
}

function planOf(given: Case, [lower, upper] = roiOf(given)): BlockPlan {
  const stack = stackOf(given);
  return new BlockPlan({
    stack,
    level: levelOf(stack, mirrorOf(given), given.zoom),
    zoomLevel: given.zoom,
    box: { lower: reorder(lower, given.orientation, "zyx"), upper: reorder(upper, given.orientation, "zyx") },
    brokenSliceHandling: "fill",
  });
}

function tilesOf(plan: BlockPlan): readonly Tile[] {
  return [...plan.steps()].flatMap((step) =>
    step.kind === "block" || step.kind === "broken" ? [step.block.at] : [],
  );
}

function expectRoi(given: Case): void {
  const [lower, upper] = roiOf(given);
  expect([lower, upper]).toEqual(given.expected.roi_to_scaled);
  expect(lower.map((from, column) => (upper[column] ?? Number.NaN) - from)).toEqual(given.expected.shape);
  if (given.roi_dtype === "int") {
    expect(
      roiOf(
        given,
        given.roi.map((corner) => Int32Array.from(corner)),
      ),
    ).toEqual([lower, upper]);
  }
}

/** Whether the part of the ROI that lies on a tile reaches into the stack. */
function reachesStack(given: Case, [depth, row, col]: Tile): boolean {
  const { dimension, clamp } = stackOf(given);
  const { tileWidth, tileHeight } = mirrorOf(given);
  const [lower, upper] = given.expected.roi_to_scaled.map((corner) =>
    reorder(corner, given.orientation, "zyx"),
  );
  const first = clamp ? 0 : Number.NEGATIVE_INFINITY;
  const overlaps = (axis: 1 | 2, tile: number, size: number, voxels: number): boolean => {
    const from = Math.max(first, tile * size, lower?.[axis] ?? Number.NaN);
    return from < Math.min(voxels / 2 ** given.zoom, (tile + 1) * size, upper?.[axis] ?? Number.NaN);
  };
  return (
    depth >= 0 &&
    depth < dimension.z &&
    overlaps(1, row, tileHeight, dimension.y) &&
    overlaps(2, col, tileWidth, dimension.x)
  );
}

/** The URLs of tiles, of any zoom level. */
function urlsOf(given: Case, tiles: readonly Tile[]): readonly string[] {
  const mirror = mirrorOf(given);
  const { tileHeight: height, tileWidth: width } = mirror;
  const zoomLevel = given.zoom;
  return tiles.map(([depth, row, col]) =>
    mirror.generateUrl(new TileIndex({ depth, row, col, zoomLevel, height, width })),
  );
}

function expectUrls(given: Case): void {
  expect(
    urlsOf(given, given.expected.tiles ?? [])
      .slice()
      .sort(),
  ).toEqual(given.expected.urls.slice().sort());
}

const regionCase: VectorCheck = {
  same: (row) => {
    const given = caseOf(row);
    expectRoi(given);
    const tiles = tilesOf(planOf(given));
    expect(tiles).toEqual(given.expected.tiles);
    expectUrls(given);
  },
  other: {
    "on-the-border": (row) => {
      const given = caseOf(row);
      expect(given.override).toMatchObject({ resolution: { x: 0.1, y: 0.1, z: 0.1 } });
      expect(roiOf(given)).toEqual(
        given.roi.map((corner, index) =>
          corner.map((bound) => {
            const nearest = Math.round(bound * 10);
            if (Math.abs(bound * 10 - nearest) < 1e-9) return nearest;
            return index === 0 ? Math.floor(bound * 10) : Math.ceil(bound * 10);
          }),
        ),
      );
    },
    "no-roi": (row) => expect(() => roiOf(caseOf(row))).toThrow(InvalidRoiError),
    "level-below-0": (row) => {
      const given = caseOf(row);
      expectRoi(given);
      expectUrls(given);
      expect(() => planOf(given)).toThrow(InvalidZoomLevelError);
    },
    outside: (row) => {
      const given = caseOf(row);
      expectRoi(given);
      const inStack = (given.expected.tiles ?? []).filter((tile) => reachesStack(given, tile));
      const plan = planOf(given);
      expect(tilesOf(plan)).toEqual(inStack);
      expect(plan.outsideVoxels).toBeGreaterThan(0);
    },
    "not-in-catpy": (row) => {
      const given = caseOf(row);
      expectRoi(given);
      const mirror = mirrorOf(given);
      const isBlocks = mirror.tileSourceType === 11 || mirror.tileSourceType === 14;
      expect(mirror.isSupported).toBe(!isBlocks);
      const tiles = tilesOf(planOf(given));
      expect(tiles).toEqual(given.expected.tiles);
      if (!isBlocks) expect(urlsOf(given, tiles)).toHaveLength(tiles.length);
    },
  },
};

checkVectors(
  "catpy-geometry",
  vectors.cases.map((given) => ({ id: given.id, input: given as unknown as VectorInput })),
  () => regionCase,
);

interface Point {
  readonly orientation: number;
  readonly resolution: Vector3;
  readonly translation: Vector3;
  readonly point: Vector3;
  readonly expected: Readonly<Record<"project_to_stack" | "stack_to_project", Vector3>>;
  readonly use: string;
}

describe("catpy-geometry points", () => {
  const axes: readonly Axis[] = ["x", "y", "z"];
  const points = vectors.points as unknown as readonly Point[];

  function expectClose(ours: Vector3, theirs: Vector3): void {
    for (const axis of axes) {
      expect(Math.abs(ours[axis] - theirs[axis]), axis).toBeLessThanOrEqual(1e-12 * Math.abs(theirs[axis]));
    }
  }

  points.forEach((given, index) => {
    it(`point ${index} (catpy: ${given.use})`, () => {
      const transformer = new CoordinateTransformer({
        ...given,
        orientation: parseStackOrientation(given.orientation),
      });
      expectClose(transformer.projectToStack(given.point), given.expected.project_to_stack);
      expectClose(transformer.stackToProject(given.point), given.expected.stack_to_project);
      expectClose(transformer.stackToProject(transformer.projectToStack(given.point)), given.point);
    });
  });
});
