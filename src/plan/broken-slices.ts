import { BrokenSliceError } from "../errors.js";
import { levelDepthOf, sourceSection } from "../stack/pyramid.js";
import { ValidSections } from "./valid-sections.js";

/** What stands in for a section that the stack declares broken. */
export type BrokenSliceHandling = "fill" | "throw" | "above" | "below" | "closest" | "interpolate";

/** Names for {@link (BrokenSliceHandling:type)} values, as catpy's enumeration of the same name has them. */
export const BrokenSliceHandling: {
  /** The fill value. */
  readonly FILL: "fill";
  /** Nothing: a region that touches a broken section is an error. */
  readonly THROW: "throw";
  /** The next valid section of lower z. */
  readonly ABOVE: "above";
  /** The next valid section of higher z. */
  readonly BELOW: "below";
  /** The nearest valid section; of two equally near ones, the one of lower z, as in CATMAID. */
  readonly CLOSEST: "closest";
  /** The nearest valid sections of lower and higher z, mixed linearly in z; if there is only one, that one. */
  readonly INTERPOLATE: "interpolate";
} = Object.freeze({
  FILL: "fill",
  THROW: "throw",
  ABOVE: "above",
  BELOW: "below",
  CLOSEST: "closest",
  INTERPOLATE: "interpolate",
});

/** The six ways of handling broken slices. */
export const brokenSliceHandlings: readonly BrokenSliceHandling[] = Object.freeze([
  "fill",
  "throw",
  "above",
  "below",
  "closest",
  "interpolate",
] as const);

/** Where the voxels of a section come from. Depths are sections of the zoom level. */
export type SectionSource =
  | { readonly kind: "section"; readonly depth: number }
  | { readonly kind: "blend"; readonly lower: number; readonly upper: number; readonly upperWeight: number }
  | { readonly kind: "broken" };

/** Where the voxels of a section come from, if it is not filled. */
export type BlockSectionSource = Exclude<SectionSource, { readonly kind: "broken" }>;

/** The sections whose voxels a source takes: one, or two, lower z first. */
export function sectionsOf(source: BlockSectionSource): readonly [number, ...number[]] {
  return source.kind === "section" ? [source.depth] : [source.lower, source.upper];
}

/**
 * Decides where the voxels of each section of a zoom level come from. A section of a coarser level stands for one
 * section of level 0, and is broken if that one is. Only sections of the level that are not broken replace it. (CATMAID
 * looks for a valid section of level 0, which may lie in the broken section of the level itself.)
 */
export class BrokenSlices {
  readonly #broken: ReadonlySet<number>;
  readonly #depth: number;
  #valid: ValidSections | undefined;
  readonly #factor: number;
  readonly #handling: BrokenSliceHandling;

  /**
   * @param broken - Broken sections of level 0.
   * @param depth - Sections of level 0.
   * @param factor - Sections of level 0 per section of the zoom level.
   */
  constructor(broken: ReadonlySet<number>, depth: number, factor: number, handling: BrokenSliceHandling) {
    this.#broken = new Set(levelSectionsOf(broken, factor));
    this.#depth = levelDepthOf(depth, factor);
    this.#factor = factor;
    this.#handling = handling;
  }

  /**
   * Where the voxels of the broken sections of a range come from, by section, ascending.
   *
   * @param isWanted - Which broken sections are of interest. Default: all.
   * @throws BrokenSliceError as {@link BrokenSlices.source} does.
   */
  sources(
    from: number,
    to: number,
    isWanted: (section: number) => boolean = () => true,
  ): ReadonlyMap<number, SectionSource> {
    const sections = [...this.#broken].filter((section) => section >= from && section < to);
    return new Map(sections.filter(isWanted).map((section) => [section, this.source(section)]));
  }

  /**
   * Where the voxels of a section come from.
   *
   * @throws BrokenSliceError if the section is broken and that is an error, or if no valid section is left.
   */
  source(section: number): SectionSource {
    if (!this.#broken.has(section)) return { kind: "section", depth: section };
    if (this.#handling === "fill") return { kind: "broken" };
    if (this.#handling === "throw") {
      const stackSection = sourceSection(section, this.#factor);
      throw new BrokenSliceError(
        `the region touches section ${stackSection} (stack z), which the stack declares broken; ` +
          `choose a region without it or another brokenSliceHandling`,
        stackSection,
      );
    }
    this.#valid ??= new ValidSections(this.#broken, this.#depth);
    const above = this.#handling === "below" ? undefined : this.#valid.above(section);
    const below = this.#handling === "above" ? undefined : this.#valid.below(section);
    if (above === undefined) {
      if (below !== undefined) return { kind: "section", depth: below };
      const stackSection = sourceSection(section, this.#factor);
      throw new BrokenSliceError(
        `section ${stackSection} (stack z) is broken and brokenSliceHandling "${this.#handling}" finds no valid section`,
        stackSection,
      );
    }
    if (below === undefined) return { kind: "section", depth: above };
    if (this.#handling === "closest")
      return { kind: "section", depth: section - above <= below - section ? above : below };
    return { kind: "blend", lower: above, upper: below, upperWeight: (section - above) / (below - above) };
  }
}

/** The sections of a zoom level that stand for sections of level 0; ascending. */
function levelSectionsOf(sections: ReadonlySet<number>, factor: number): readonly number[] {
  const found: number[] = [];
  for (const section of sections) {
    let levelSection = Math.floor(section / factor);
    while (sourceSection(levelSection, factor) < section) levelSection++;
    for (; sourceSection(levelSection, factor) === section; levelSection++) found.push(levelSection);
  }
  return found.sort((a, b) => a - b);
}
