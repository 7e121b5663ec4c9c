import { InvalidOptionError, InvalidRoiError } from "../errors.js";
import type { ScaledBox } from "../space/scaled-box.js";
import { boxMinus, intersectBoxes, isEmpty, voxelCount } from "../space/scaled-box.js";
import type { Stack } from "../stack/stack.js";
import type { GridLevel, SectionRange } from "./block-grid.js";
import { BlockGrid, withSections } from "./block-grid.js";
import type { BlockSectionSource, BrokenSliceHandling, SectionSource } from "./broken-slices.js";
import { BrokenSlices, brokenSliceHandlings, sectionsOf } from "./broken-slices.js";
import type { ReplacedSection } from "./plan-counts.js";
import { countSteps } from "./plan-counts.js";
import type { PlanStep } from "./plan-step.js";
import { sectionRuns } from "./section-runs.js";

/** What a {@link BlockPlan} is made for. */
export interface PlanRequest {
  /** The stack. */
  readonly stack: Stack;
  /** How the blocks of the mirror lie in it, and what they hold. */
  readonly level: GridLevel;
  /** A zoom level of the stack. */
  readonly zoomLevel: number;
  /** The region, in voxels of the zoom level. */
  readonly box: ScaledBox;
  /** What stands in for broken sections. */
  readonly brokenSliceHandling: BrokenSliceHandling;
}

/**
 * How a region is put together from blocks. The steps are made one by one: a plan takes no more memory for a hundred
 * thousand blocks than for one.
 */
export class BlockPlan {
  /** The region. */
  readonly box: ScaledBox;
  /** How many blocks the steps ask for: 1 for a block, 2 for a blend. */
  readonly blockCount: number;
  /** How many different blocks those are: fewer where a replaced section takes those of another one. */
  readonly distinctBlockCount: number;
  /** How many blocks are filled because their section is broken. */
  readonly brokenBlockCount: number;
  /** How many steps are of what the stack has and the mirror does not hold: as a rule, one per block. */
  readonly unheldBlockCount: number;
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
   * @throws InvalidZoomLevelError for a level that the stack does not have.
   * @throws BrokenSliceError if a broken section of the region is an error, or cannot be replaced.
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
    this.#covered = covered;
    this.outsideVoxels = voxelCount(box) - (covered === undefined ? 0 : voxelCount(covered));
    const factor = stack.downsampleFactor(zoomLevel).z;
    const slices = new BrokenSlices(stack.brokenSlices, stack.dimension.z, factor, brokenSliceHandling);
    const [from, to] = covered === undefined ? [0, 0] : [covered.lower[0], covered.upper[0]];
    const sources = new Map(slices.within(from, to).map((section) => [section, slices.source(section)]));
    this.#brokenSources = sources;
    this.filledSections = [...sources].flatMap(([section, { kind }]) => (kind === "broken" ? [section] : []));

    const counts = covered === undefined ? undefined : countSteps(grid, covered, sources);
    this.blockCount = counts?.blocks ?? 0;
    this.distinctBlockCount = counts?.distinctBlocks ?? 0;
    this.brokenBlockCount = counts?.broken ?? 0;
    this.unheldBlockCount = counts?.unheld ?? 0;
    this.replacedSections = counts?.replaced ?? [];
  }

  /**
   * The parts of the region, each voxel in exactly one: first what is beyond the stack, then layer by layer what the
   * mirror holds, its blocks by row and column, and what it does not hold.
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
    for (const run of sectionRuns(covered.lower[0], covered.upper[0], this.#brokenSources)) {
      if (run.kind === "intact") yield* this.#intactSteps(covered, run.from, run.to);
      else if (run.kind === "replaced") yield* this.#replacedSteps(covered, run.section, run.source);
      else yield* this.#lackingSteps("broken", [covered], run.section, run.section);
    }
  }

  *#intactSteps(covered: ScaledBox, from: number, to: number): Generator<PlanStep> {
    const { before, within, after } = this.#grid.splitSections(from, to);
    const { held, rest } = this.#grid.split(covered);
    yield* this.#unheldSteps([covered], before);
    for (const sections of this.#layersOf(within)) {
      for (const part of held) {
        const box = withSections(part, ...sections);
        for (const placed of this.#grid.blocksOf(box)) yield { kind: "block", ...placed };
      }
      yield* this.#unheldSteps(rest, sections);
    }
    yield* this.#unheldSteps([covered], after);
  }

  *#replacedSteps(covered: ScaledBox, section: number, source: BlockSectionSource): Generator<PlanStep> {
    const sources = sectionsOf(source);
    const lacking = sources.find((depth) => !this.#grid.holdsSection(depth));
    if (lacking !== undefined) {
      yield* this.#lackingSteps("unheld", [covered], section, lacking);
      return;
    }
    const { held, rest } = this.#grid.split(covered);
    for (const part of held) {
      for (const placed of this.#grid.blocksOf(withSections(part, section, section + 1))) {
        if (source.kind === "section") {
          yield { kind: "block", ...this.#grid.replacing(placed, section, source.depth) };
        } else {
          const { box, ...lower } = this.#grid.replacing(placed, section, source.lower);
          const { box: _same, ...upper } = this.#grid.replacing(placed, section, source.upper);
          yield { kind: "blend", lower, upper, upperWeight: source.upperWeight, box };
        }
      }
    }
    yield* this.#lackingSteps("unheld", rest, section, sources[0]);
  }

  *#unheldSteps(parts: readonly ScaledBox[], sections: SectionRange): Generator<PlanStep> {
    for (const [from, to] of this.#layersOf(sections)) {
      for (const part of parts) {
        for (const { block, box } of this.#grid.blocksOf(withSections(part, from, to))) {
          yield { kind: "unheld", block, box };
        }
      }
    }
  }

  /** Steps of one section that is filled, with the blocks of the section that would have been asked for. */
  *#lackingSteps(
    kind: "broken" | "unheld",
    parts: readonly ScaledBox[],
    section: number,
    depth: number,
  ): Generator<PlanStep> {
    for (const part of parts) {
      for (const placed of this.#grid.blocksOf(withSections(part, section, section + 1))) {
        const { block, box } = this.#grid.replacing(placed, section, depth);
        yield { kind, block, box };
      }
    }
  }

  /** Cuts a run of sections at the borders of the layers of blocks. */
  *#layersOf([from, to]: SectionRange): Generator<SectionRange> {
    for (let next = from; next < to; ) {
      const [, end] = this.#grid.sectionsOf(this.#grid.layerOf(next));
      yield [next, Math.min(end, to)];
      next = end;
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
