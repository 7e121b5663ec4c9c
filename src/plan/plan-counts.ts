import type { ScaledBox } from "../space/scaled-box.js";
import type { BlockGrid } from "./block-grid.js";
import type { SectionSource } from "./broken-slices.js";
import { sectionsOf } from "./broken-slices.js";
import { sectionRuns } from "./section-runs.js";

/** A broken section of the region and the sections that replace it; all in sections of the zoom level. */
export interface ReplacedSection {
  /** The broken section. */
  readonly section: number;
  /** Its replacement, or the two sections that are mixed, lower z first. */
  readonly sources: readonly number[];
}

/** Numbers of blocks in the steps of a plan. */
export interface PlanCounts {
  /** Blocks to ask for: 1 for a block, 2 for a blend. */
  readonly blocks: number;
  /** How many different blocks those are. */
  readonly distinctBlocks: number;
  /** Blocks of broken sections that are filled. */
  readonly broken: number;
  /** Steps for voxels that the mirror does not hold. */
  readonly unheld: number;
  /** The broken sections whose replacement the mirror holds. */
  readonly replaced: readonly ReplacedSection[];
}

/**
 * Counts the steps of a plan without making them.
 *
 * @param covered - The part of the region that lies on blocks of the stack.
 * @param sources - Where the voxels of its broken sections come from, ascending.
 */
export function countSteps(
  grid: BlockGrid,
  covered: ScaledBox,
  sources: ReadonlyMap<number, SectionSource>,
): PlanCounts {
  const { held, rest } = grid.split(covered);
  const [allBlocks, heldBlocks, restBlocks] = [[covered], held, rest].map((boxes) =>
    boxes.reduce((blocks, box) => blocks + grid.blocksPerLayer(box), 0),
  ) as [number, number, number];
  const ownLayers = new LayerCount(grid);
  const borrowed: number[] = [];
  const replaced: ReplacedSection[] = [];
  let [broken, unheld] = [0, 0];
  for (const run of sectionRuns(covered.lower[0], covered.upper[0], sources)) {
    if (run.kind === "broken") {
      broken += allBlocks;
    } else if (run.kind === "replaced") {
      const depths = sectionsOf(run.source);
      if (!depths.every((depth) => grid.holdsSection(depth))) unheld += allBlocks;
      else {
        unheld += restBlocks;
        if (heldBlocks === 0) continue;
        borrowed.push(...depths);
        replaced.push({ section: run.section, sources: depths });
      }
    } else {
      const { before, within, after } = grid.splitSections(run.from, run.to);
      for (const [from, to] of [before, after]) unheld += grid.countLayers(from, to) * allBlocks;
      unheld += grid.countLayers(...within) * restBlocks;
      ownLayers.add(...within);
    }
  }
  const borrowedLayers = new Set(borrowed.map((section) => grid.layerOf(section)));
  const isOwn = (layer: number): boolean => {
    const [first, end] = grid.sectionsOf(layer);
    for (
      let section = Math.max(first, covered.lower[0]);
      section < Math.min(end, covered.upper[0]);
      section++
    ) {
      if (!sources.has(section) && grid.holdsSection(section)) return true;
    }
    return false;
  };
  const foreignLayers = [...borrowedLayers].filter((layer) => !isOwn(layer)).length;
  return {
    blocks: (ownLayers.parts + borrowed.length) * heldBlocks,
    distinctBlocks: (ownLayers.distinct + foreignLayers) * heldBlocks,
    broken,
    unheld,
    replaced,
  };
}

/** Counts the layers of ascending runs of sections: in `parts` once for each run, in `distinct` only once. */
class LayerCount {
  readonly #grid: BlockGrid;
  #last = Number.NEGATIVE_INFINITY;
  parts = 0;
  distinct = 0;

  constructor(grid: BlockGrid) {
    this.#grid = grid;
  }

  add(from: number, to: number): void {
    const layers = this.#grid.countLayers(from, to);
    if (layers === 0) return;
    this.parts += layers;
    this.distinct += this.#grid.layerOf(from) === this.#last ? layers - 1 : layers;
    this.#last = this.#grid.layerOf(to - 1);
  }
}
