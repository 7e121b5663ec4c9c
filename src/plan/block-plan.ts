import { InvalidOptionError, InvalidRoiError } from "../errors.js";
import type { BlockIndex } from "../space/block.js";
import type { ScaledBox } from "../space/scaled-box.js";
import { intersectBoxes, isEmpty, voxelCount } from "../space/scaled-box.js";
import type { Stack } from "../stack/stack.js";
import type { GridLevel } from "./block-grid.js";
import { BlockGrid } from "./block-grid.js";
import { BlockSteps } from "./block-steps.js";
import type { BrokenSliceHandling } from "./broken-slices.js";
import { brokenSliceHandlings, brokenSources } from "./broken-slices.js";
import type { ReplacedSection } from "./plan-counts.js";
import { countSteps } from "./plan-counts.js";
import type { PlanStep } from "./plan-step.js";

/** What a {@link BlockPlan} is made for. */
export interface PlanRequest {
  /** The stack. */
  readonly stack: Stack;
  /** How the blocks of the mirror lie in the stack, and what they hold. */
  readonly level: GridLevel;
  /** A zoom level of the stack. */
  readonly zoomLevel: number;
  /** The region, in voxels of the zoom level. */
  readonly box: ScaledBox;
  /** What stands in for broken sections. */
  readonly brokenSliceHandling: BrokenSliceHandling;
}

/**
 * How a region is assembled from blocks. The steps are made one by one: a plan takes no more memory for a hundred
 * thousand blocks than for one.
 */
export class BlockPlan {
  /** The region. */
  readonly box: ScaledBox;
  /** How many blocks the steps ask for: 1 for a block, 2 for a blend. */
  readonly blockCount: number;
  /** How many different blocks those are: fewer if a replaced section takes the blocks of another section. */
  readonly distinctBlockCount: number;
  /** How many blocks are filled because their section is broken. */
  readonly brokenBlockCount: number;
  /** How many steps are for voxels that the stack has and the mirror does not hold: as a rule, one per block. */
  readonly unheldBlockCount: number;
  /** How many voxels of the region are beyond the stack. */
  readonly outsideVoxels: number;
  /** The broken sections of the region that are filled; ascending. */
  readonly filledSections: readonly number[];
  /** The broken sections of the region that are replaced by sections which the mirror holds; ascending. */
  readonly replacedSections: readonly ReplacedSection[];
  readonly #grid: BlockGrid;
  readonly #steps: BlockSteps;

  /**
   * @throws InvalidZoomLevelError for a level that the stack does not have.
   * @throws BrokenSliceError if a broken section of the region is an error, or has no replacement.
   */
  constructor(request: PlanRequest) {
    const { stack, level, zoomLevel, box, brokenSliceHandling } = request;
    stack.checkZoomLevel(zoomLevel);
    checkBox(box);
    if (!brokenSliceHandlings.includes(brokenSliceHandling)) {
      throw new InvalidOptionError(`brokenSliceHandling must be one of ${brokenSliceHandlings.join(", ")}`);
    }
    this.box = box;
    const grid = new BlockGrid(level, zoomLevel);
    this.#grid = grid;
    const covered = grid.covered(box);
    this.outsideVoxels = voxelCount(box) - (covered === undefined ? 0 : voxelCount(covered));
    const [from, to] = covered === undefined ? [0, 0] : [covered.lower[0], covered.upper[0]];
    const isWanted = (section: number): boolean => section >= from && section < to;
    const sources = brokenSources(stack, zoomLevel, level.covered.upper[0], brokenSliceHandling, isWanted);
    this.#steps = new BlockSteps(grid, sources);
    this.filledSections = [...sources].flatMap(([section, { kind }]) => (kind === "broken" ? [section] : []));

    const counts = covered === undefined ? undefined : countSteps(grid, covered, sources);
    this.blockCount = counts?.blocks ?? 0;
    this.distinctBlockCount = counts?.distinctBlocks ?? 0;
    this.brokenBlockCount = counts?.broken ?? 0;
    this.unheldBlockCount = counts?.unheld ?? 0;
    this.replacedSections = counts?.replaced ?? [];
  }

  /**
   * The steps of the region, each voxel in exactly one. First come voxels beyond the stack; then, layer by layer, the
   * blocks that the mirror holds, by row and column, and the voxels that it does not hold.
   *
   * @param within - Makes only the steps in this box of whole voxels. Default: the whole region.
   */
  *steps(within: ScaledBox = this.box): Generator<PlanStep> {
    checkWhole(within);
    const box = intersectBoxes(this.box, within);
    if (box !== undefined) yield* this.#steps.of(box);
  }

  /** How many wanted voxels a box of the region has: all. */
  countVoxels(box: ScaledBox): number {
    return voxelCount(box);
  }

  /** Whether a block has voxels of the region. */
  isWanted(block: BlockIndex): boolean {
    return this.#grid.meets(this.box, block);
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
