import { BrokenSliceError } from "../errors.js";
import { sourceSection } from "../stack/pyramid.js";
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

/** Decides where the voxels of each section of a zoom level come from. */
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
    this.#broken = broken;
    this.#depth = depth;
    this.#factor = factor;
    this.#handling = handling;
  }

  /** The broken sections of the zoom level from `from` to `to`, exclusive; ascending. */
  #within(from: number, to: number): readonly number[] {
    const sections: number[] = [];
    for (const section of this.#broken) {
      let levelSection = Math.floor(section / this.#factor);
      while (sourceSection(levelSection, this.#factor) < section) levelSection++;
      for (; sourceSection(levelSection, this.#factor) === section; levelSection++) {
        if (levelSection >= from && levelSection < to) sections.push(levelSection);
      }
    }
    return sections.sort((a, b) => a - b);
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
    const sections = this.#within(from, to).filter(isWanted);
    return new Map(sections.map((section) => [section, this.source(section)]));
  }

  /**
   * Where the voxels of a section come from. As in CATMAID, a section of a coarser level stands for one section of
   * level 0, which decides whether it is broken and what replaces it.
   *
   * @throws BrokenSliceError if the section is broken and that is an error, or if no valid section is left.
   */
  source(levelSection: number): SectionSource {
    const section = sourceSection(levelSection, this.#factor);
    if (!this.#broken.has(section)) return { kind: "section", depth: levelSection };
    if (this.#handling === "fill") return { kind: "broken" };
    if (this.#handling === "throw") {
      throw new BrokenSliceError(
        `the region touches section ${section} (stack z), which the stack declares broken; ` +
          `choose a region without it or another brokenSliceHandling`,
        section,
      );
    }
    this.#valid ??= new ValidSections(this.#broken, this.#depth);
    const above = this.#handling === "below" ? undefined : this.#valid.above(section);
    const below = this.#handling === "above" ? undefined : this.#valid.below(section);
    if (above === undefined) {
      if (below !== undefined) return this.#section(below);
      throw new BrokenSliceError(
        `section ${section} (stack z) is broken and brokenSliceHandling "${this.#handling}" finds no valid section`,
        section,
      );
    }
    if (below === undefined) return this.#section(above);
    if (this.#handling === "closest")
      return this.#section(section - above <= below - section ? above : below);
    const upperWeight = (section - above) / (below - above);
    return { kind: "blend", lower: this.#depthOf(above), upper: this.#depthOf(below), upperWeight };
  }

  #section(section: number): SectionSource {
    return { kind: "section", depth: this.#depthOf(section) };
  }

  #depthOf(section: number): number {
    return Math.floor(section / this.#factor);
  }
}
