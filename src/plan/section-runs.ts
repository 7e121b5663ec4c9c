import type { BlockSectionSource, SectionSource } from "./broken-slices.js";

/** Sections of a region that are treated alike: consecutive intact sections, or one broken section. */
export type SectionRun =
  | { readonly kind: "intact"; readonly from: number; readonly to: number }
  | { readonly kind: "replaced"; readonly section: number; readonly source: BlockSectionSource }
  | { readonly kind: "broken"; readonly section: number };

/**
 * Cuts the sections from `from` to `to`, exclusive, into runs; ascending.
 *
 * @param sources - Where the voxels of the broken sections come from, by section, ascending.
 */
export function* sectionRuns(
  from: number,
  to: number,
  sources: ReadonlyMap<number, SectionSource>,
): Generator<SectionRun> {
  let next = from;
  for (const [section, source] of sources) {
    if (section < next) continue;
    if (section >= to) break;
    if (next < section) yield { kind: "intact", from: next, to: section };
    yield source.kind === "broken" ? { kind: "broken", section } : { kind: "replaced", section, source };
    next = section + 1;
  }
  if (next < to) yield { kind: "intact", from: next, to };
}
