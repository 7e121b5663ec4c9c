import type { ScaledBox } from "../space/scaled-box.js";
import { boxMinus } from "../space/scaled-box.js";
import type { BlockGrid, SectionRange } from "./block-grid.js";
import { withSections } from "./block-grid.js";
import type { BlockSectionSource, SectionSource } from "./broken-slices.js";
import { sectionsOf } from "./broken-slices.js";
import type { PlanStep } from "./plan-step.js";
import { sectionRuns } from "./section-runs.js";

/** Cuts boxes of a level into steps, one by one: it takes no more memory for a hundred thousand blocks than for one. */
export class BlockSteps {
  readonly #grid: BlockGrid;
  readonly #brokenSources: ReadonlyMap<number, SectionSource>;

  /** @param brokenSources - Where the voxels of broken sections come from, ascending. */
  constructor(grid: BlockGrid, brokenSources: ReadonlyMap<number, SectionSource>) {
    this.#grid = grid;
    this.#brokenSources = brokenSources;
  }

  /**
   * The steps of a box of whole voxels, each voxel in exactly one. First come voxels beyond the stack; then, layer by
   * layer, the blocks that the mirror holds, by row and column, and the voxels that it does not hold.
   */
  *of(box: ScaledBox): Generator<PlanStep> {
    const covered = this.#grid.covered(box);
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

  /** Steps of one section that is filled. Each names the block of section `depth` that would have been requested. */
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
