import { InvalidOptionError, InvalidRoiError } from "../errors.js";
import type { ScaledBox } from "../space/scaled-box.js";
import { boxMinus, intersectBoxes, isEmpty, voxelCount } from "../space/scaled-box.js";
import type { Stack } from "../stack/stack.js";
import { BlockGrid } from "./block-grid.js";
import type { BrokenSliceHandling, SectionSource, TileSectionSource } from "./broken-slices.js";
import { BrokenSlices, brokenSliceHandlings, sectionsOf } from "./broken-slices.js";
import type { PlannedMirror } from "./mirror-level.js";
import type { ReplacedSection } from "./plan-counts.js";
import { countSteps } from "./plan-counts.js";
import type { PlanStep } from "./plan-step.js";

export type { ScaledBox } from "../space/scaled-box.js";
export type { PlannedMirror } from "./mirror-level.js";
export type { ReplacedSection } from "./plan-counts.js";
export type { PlanStep } from "./plan-step.js";

/** What a {@link BlockPlan} is made for. */
export interface PlanRequest {
  /** The stack. */
  readonly stack: Stack;
  /** The size of the mirror's tiles, how its array lies in the stack, and what of it it holds. */
  readonly mirror: PlannedMirror;
  /** A zoom level of the stack. */
  readonly zoomLevel: number;
  /** The region, in voxels of the zoom level. */
  readonly box: ScaledBox;
  /** What stands in for broken sections. */
  readonly brokenSliceHandling: BrokenSliceHandling;
}

/**
 * How a region is put together from tiles. The steps are made one by one: a plan takes no more memory for a hundred
 * thousand tiles than for one.
 */
export class BlockPlan {
  /** The region. */
  readonly box: ScaledBox;
  /** How many tiles the steps ask for: 1 for a tile, 2 for a blend. */
  readonly tileCount: number;
  /** How many different tiles those are: fewer where a replaced section takes those of another one. */
  readonly distinctTileCount: number;
  /** How many tiles are filled because their section is broken. */
  readonly brokenTileCount: number;
  /** How many steps are of what the stack has and the mirror does not hold: as a rule, one per tile. */
  readonly unheldTileCount: number;
  /** How many voxels of the region are beyond the stack. */
  readonly outsideVoxels: number;
  /** The broken sections of the region that are filled; ascending. */
  readonly filledSections: readonly number[];
  /** The broken sections of the region that others replace, which the mirror holds; ascending. */
  readonly replacedSections: readonly ReplacedSection[];
  readonly #grid: BlockGrid;
  readonly #covered: ScaledBox | undefined;
  readonly #brokenSources: ReadonlyMap<number, SectionSource>;

  /**
   * @throws InvalidZoomLevelError for a level that the stack does not have, or that the mirror's offset does not fit.
   * @throws BrokenSliceError if a broken section of the region is an error, or cannot be replaced.
   */
  constructor(request: PlanRequest) {
    const { stack, mirror, zoomLevel, box, brokenSliceHandling } = request;
    stack.checkZoomLevel(zoomLevel);
    checkBox(box);
    if (!brokenSliceHandlings.includes(brokenSliceHandling)) {
      throw new InvalidOptionError(`brokenSliceHandling must be one of ${brokenSliceHandlings.join(", ")}`);
    }
    this.box = box;
    const grid = new BlockGrid(stack, mirror, zoomLevel);
    this.#grid = grid;
    const covered = grid.covered(box);
    this.#covered = covered;
    this.outsideVoxels = voxelCount(box) - (covered === undefined ? 0 : voxelCount(covered));
    const slices = new BrokenSlices(
      stack.brokenSlices,
      stack.dimension.z,
      grid.factor.z,
      brokenSliceHandling,
    );
    const [from, to] = covered === undefined ? [0, 0] : [covered.lower[0], covered.upper[0]];
    const sources = new Map(slices.within(from, to).map((section) => [section, slices.source(section)]));
    this.#brokenSources = sources;
    this.filledSections = [...sources].flatMap(([section, { kind }]) => (kind === "broken" ? [section] : []));

    const counts = covered === undefined ? undefined : countSteps(grid, covered, sources);
    this.tileCount = counts?.tiles ?? 0;
    this.distinctTileCount = counts?.distinctTiles ?? 0;
    this.brokenTileCount = counts?.broken ?? 0;
    this.unheldTileCount = counts?.unheld ?? 0;
    this.replacedSections = counts?.replaced ?? [];
  }

  /**
   * The parts of the region, each voxel in exactly one: first what is beyond the stack, then section by section what
   * the mirror holds, its tiles by row and column, and what it does not hold.
   *
   * @param within - Only what lies in this box, whole voxels. Default: the whole region.
   */
  *steps(within: ScaledBox = this.box): Generator<PlanStep> {
    checkWhole(within);
    const box = intersectBoxes(this.box, within);
    if (box === undefined) return;
    const covered = this.#covered === undefined ? undefined : intersectBoxes(box, this.#covered);
    if (covered === undefined) {
      yield { kind: "outside", box };
      return;
    }
    for (const outside of boxMinus(box, covered)) yield { kind: "outside", box: outside };
    const { held, rest } = this.#grid.split(covered);
    for (let section = covered.lower[0]; section < covered.upper[0]; section++) {
      const source = this.#brokenSources.get(section) ?? { kind: "tile", depth: section };
      if (source.kind === "broken") {
        yield* this.#lackingSteps("broken", [covered], section, section);
        continue;
      }
      const sources = sectionsOf(source);
      const lacking = sources.find((depth) => !this.#grid.holdsSection(depth));
      if (lacking !== undefined) {
        yield* this.#lackingSteps("unheld", [covered], section, lacking);
      } else {
        for (const part of held) yield* this.#tileSteps(part, section, source);
        yield* this.#lackingSteps("unheld", rest, section, sources[0]);
      }
    }
  }

  *#tileSteps(part: ScaledBox, section: number, source: TileSectionSource): Generator<PlanStep> {
    for (const placed of this.#grid.tilesOf(part, section)) {
      const { box, top, left } = placed;
      if (source.kind === "tile") {
        yield { kind: "tile", tile: this.#grid.tile(source.depth, placed), top, left, box };
      } else {
        const lowerTile = this.#grid.tile(source.lower, placed);
        const upperTile = this.#grid.tile(source.upper, placed);
        yield { kind: "blend", lowerTile, upperTile, upperWeight: source.upperWeight, top, left, box };
      }
    }
  }

  /** Steps of parts that are filled, with the tiles that would have been asked for. */
  *#lackingSteps(
    kind: "broken" | "unheld",
    parts: readonly ScaledBox[],
    section: number,
    depth: number,
  ): Generator<PlanStep> {
    for (const part of parts) {
      for (const placed of this.#grid.tilesOf(part, section)) {
        yield { kind, tile: this.#grid.tile(depth, placed), box: placed.box };
      }
    }
  }
}

function checkBox(box: ScaledBox): void {
  checkWhole(box);
  if (isEmpty(box)) {
    throw new InvalidRoiError(
      `a scaled box holds no voxels: ${box.lower.join(", ")} to ${box.upper.join(", ")}`,
    );
  }
}

function checkWhole(box: ScaledBox): void {
  if ([...box.lower, ...box.upper].every(Number.isSafeInteger)) return;
  throw new InvalidRoiError(
    `a scaled box must be whole voxels, got ${box.lower.join(", ")} to ${box.upper.join(", ")}`,
  );
}
