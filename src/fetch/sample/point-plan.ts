import { BlockGrid } from "../../plan/block-grid.js";
import { BlockSteps } from "../../plan/block-steps.js";
import { brokenSources, sectionsOf } from "../../plan/broken-slices.js";
import type { PlanStep } from "../../plan/plan-step.js";
import type { BlockLevel } from "../../source/block-source.js";
import type { BlockIndex } from "../../space/block.js";
import type { ScaledBox } from "../../space/scaled-box.js";
import type { ReplacedSection } from "../fetch-report.js";
import type { WantedVoxels } from "../fetch-request.js";
import type { PointBlocks } from "./point-blocks.js";

/** Plans how points are read from the blocks of a source: takes the steps of a region's plan that have points. */
export class PointPlan {
  /** The broken sections with points that are replaced by sections which the mirror holds; ascending. */
  readonly replacedSections: readonly ReplacedSection[];
  readonly #steps: BlockSteps;
  readonly #points: PointBlocks;
  readonly #ownBlocks: PointBlocks;

  /**
   * @param points - The points, by the blocks of the source that is asked first.
   * @param ownBlocks - The same points, by the blocks of the source that this plan is for.
   * @throws BrokenSliceError if a broken section that has points is an error, or cannot be replaced.
   */
  constructor(
    { stack, zoomLevel, brokenSliceHandling }: WantedVoxels,
    level: BlockLevel,
    points: PointBlocks,
    ownBlocks: PointBlocks,
  ) {
    const grid = new BlockGrid(level, zoomLevel);
    const hasPoints = (section: number): boolean => points.sections.has(section);
    const sources = brokenSources(stack, zoomLevel, level.covered.upper[0], brokenSliceHandling, hasPoints);
    this.replacedSections = [...sources].flatMap(([section, source]) => {
      const depths = source.kind === "broken" ? [] : sectionsOf(source);
      const isHeld = depths.length > 0 && depths.every((depth) => grid.holdsSection(depth));
      return isHeld ? [{ section, sources: depths }] : [];
    });
    this.#steps = new BlockSteps(grid, sources);
    this.#points = points;
    this.#ownBlocks = ownBlocks;
  }

  /** The steps that have points in a box, which lies in one block of the source that is asked first. */
  *steps(within: ScaledBox): Generator<PlanStep> {
    for (const step of this.#steps.of(within)) if (this.#points.isAnyWithin(step.box)) yield step;
  }

  /** How many points a box has, which lies in one block of the source that is asked first. */
  countVoxels(box: ScaledBox): number {
    return this.#points.countWithin(box);
  }

  /** Whether a block has points. */
  isWanted(block: BlockIndex): boolean {
    return this.#ownBlocks.has(block);
  }
}
