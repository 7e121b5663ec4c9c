import { BrokenSliceError } from "../errors.js";
import { sourceSection } from "../stack/pyramid.js";
import type { Stack } from "../stack/stack.js";

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
 * Where the voxels of the broken sections of a zoom level come from, by section, ascending. A section of a coarser level
 * stands for one section of level 0, and is broken if that one is. Only sections of the level that are not broken replace
 * it. (CATMAID looks for a valid section of level 0, which may lie in the broken section of the level itself.)
 *
 * @param depth - Number of sections of the level that the mirror may be asked for.
 * @param isWanted - Which sections of the level are of interest.
 * @throws BrokenSliceError if a wanted section is broken and that is an error, or if no valid section is left.
 */
export function brokenSources(
  stack: Pick<Stack, "brokenSlices" | "downsampleFactor">,
  zoomLevel: number,
  depth: number,
  handling: BrokenSliceHandling,
  isWanted: (section: number) => boolean,
): ReadonlyMap<number, SectionSource> {
  const factor = stack.downsampleFactor(zoomLevel).z;
  const broken = levelSectionsOf(stack.brokenSlices, factor);
  const sources = new Map<number, SectionSource>();
  // Runs of broken sections may be long: walking along them for each section would take quadratic time.
  for (let next = 0; next < broken.length; ) {
    const first = broken[next] as number;
    let end = first;
    while (broken[next] === end) {
      end++;
      next++;
    }
    const above = first > 0 ? first - 1 : undefined;
    const below = end < depth ? end : undefined;
    for (let section = first; section < end; section++) {
      if (isWanted(section)) sources.set(section, sourceOf(section, above, below, handling, factor));
    }
  }
  return sources;
}

/** Where the voxels of a broken section come from, given the nearest valid sections. */
function sourceOf(
  section: number,
  above: number | undefined,
  below: number | undefined,
  handling: BrokenSliceHandling,
  factor: number,
): SectionSource {
  if (handling === "fill") return { kind: "broken" };
  const lower = handling === "below" || handling === "throw" ? undefined : above;
  const upper = handling === "above" || handling === "throw" ? undefined : below;
  let depth = lower ?? upper;
  if (lower !== undefined && upper !== undefined) {
    if (handling === "interpolate") {
      return { kind: "blend", lower, upper, upperWeight: (section - lower) / (upper - lower) };
    }
    depth = section - lower <= upper - section ? lower : upper;
  }
  if (depth !== undefined) return { kind: "section", depth };
  const stackSection = sourceSection(section, factor);
  throw new BrokenSliceError(
    handling === "throw"
      ? `the region touches section ${stackSection} (stack z), which the stack declares broken; ` +
          `choose a region without it or another brokenSliceHandling`
      : `section ${stackSection} (stack z) is broken and brokenSliceHandling "${handling}" finds no valid section`,
    stackSection,
  );
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
