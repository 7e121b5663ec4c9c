import type { ScaledBox } from "../space/scaled-box.js";
import type { BlockGrid } from "./block-grid.js";
import type { SectionSource } from "./broken-slices.js";
import { sectionsOf } from "./broken-slices.js";

/** A broken section of the region and the sections that replace it; all in sections of the zoom level. */
export interface ReplacedSection {
  /** The broken section. */
  readonly section: number;
  /** Its replacement, or the two that are mixed: of lower z, then of higher z. */
  readonly sources: readonly number[];
}

/** How many tiles the steps of a plan have, by what becomes of them. */
export interface PlanCounts {
  /** Tiles to ask for: 1 for a tile, 2 for a blend. */
  readonly tiles: number;
  /** How many different tiles those are. */
  readonly distinctTiles: number;
  /** Tiles of broken sections that are filled. */
  readonly broken: number;
  /** Steps of what the mirror does not hold. */
  readonly unheld: number;
  /** The broken sections whose replacement the mirror holds. */
  readonly replaced: readonly ReplacedSection[];
}

/**
 * Counts the steps of a plan without making them.
 *
 * @param covered - The part of the region that lies on tiles of the stack.
 * @param sources - Where the voxels of its broken sections come from.
 */
export function countSteps(
  grid: BlockGrid,
  covered: ScaledBox,
  sources: ReadonlyMap<number, SectionSource>,
): PlanCounts {
  const { held, rest } = grid.split(covered);
  const [allTiles, heldTiles, restTiles] = [[covered], held, rest].map((boxes) =>
    boxes.reduce((tiles, box) => tiles + grid.tilesPerSection(box), 0),
  ) as [number, number, number];
  const [from, to] = [covered.lower[0], covered.upper[0]];
  const replacements = [...sources].flatMap(([section, source]) =>
    source.kind === "broken" ? [] : [{ section, sources: sectionsOf(source) }],
  );
  const broken = sources.size - replacements.length;
  const isHeld = (section: number): boolean => heldTiles > 0 && grid.holdsSection(section);
  const replaced = replacements.filter((replacement) => replacement.sources.every(isHeld));
  const brokenHere = [...sources.keys()].filter(isHeld).length;
  const intact = heldTiles > 0 ? grid.countHeldSections(from, to) - brokenHere : 0;
  const borrowed = replaced.flatMap((replacement) => replacement.sources);
  const isOwn = (section: number): boolean => section >= from && section < to && !sources.has(section);
  const served = intact + replaced.length;
  return {
    tiles: (intact + borrowed.length) * heldTiles,
    distinctTiles: (intact + new Set(borrowed.filter((section) => !isOwn(section))).size) * heldTiles,
    broken: broken * allTiles,
    unheld: served * restTiles + (to - from - broken - served) * allTiles,
    replaced,
  };
}
