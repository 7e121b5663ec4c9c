import { InvalidOptionError, InvalidRoiError } from "../errors.js";
import type { Stack } from "../stack/stack.js";
import type { StackMirror } from "../stack/stack-mirror.js";
import type { BrokenSliceHandling, SectionSource } from "./broken-slices.js";
import { BrokenSlices, brokenSliceHandlings } from "./broken-slices.js";
import type { ScaledBox } from "./scaled-box.js";
import { boxMinus, intersectBoxes, isEmpty, voxelCount } from "./scaled-box.js";
import { TileGrid } from "./tile-grid.js";
import type { TileIndex } from "./tile-index.js";

export type { ScaledBox } from "./scaled-box.js";

/** What a {@link TilePlan} is made for. */
export interface PlanRequest {
  /** The stack. */
  readonly stack: Stack;
  /** The size of the mirror's tiles. */
  readonly mirror: Pick<StackMirror, "tileWidth" | "tileHeight">;
  /** A zoom level of the stack. */
  readonly zoomLevel: number;
  /** The region, in voxels of the zoom level. */
  readonly box: ScaledBox;
  /** What stands in for broken sections. */
  readonly brokenSliceHandling: BrokenSliceHandling;
}

/**
 * One part of a region, and where its voxels come from. Boxes are in voxels of the zoom level, z, y, x. All but
 * those outside are one section deep and lie on one tile's row and column; the tile's `depth` differs from the
 * box's z where a broken section is replaced.
 */
export type PlanStep =
  | { readonly kind: "tile"; readonly tile: TileIndex; readonly box: ScaledBox }
  | {
      readonly kind: "blend";
      readonly lowerTile: TileIndex;
      readonly upperTile: TileIndex;
      /** Share of the upper tile, between 0 and 1; the lower one has the rest. */
      readonly upperWeight: number;
      readonly box: ScaledBox;
    }
  | { readonly kind: "broken"; readonly tile: TileIndex; readonly box: ScaledBox }
  | { readonly kind: "outside"; readonly box: ScaledBox };

/** A broken section of the region and the sections that replace it; all in sections of the zoom level. */
export interface ReplacedSection {
  /** The broken section. */
  readonly section: number;
  /** Its replacement, or the two that are mixed: of lower z, then of higher z. */
  readonly sources: readonly number[];
}

/**
 * How a region is put together from tiles. The steps are made one by one: a plan takes no more memory for a hundred
 * thousand tiles than for one.
 */
export class TilePlan {
  /** The region. */
  readonly box: ScaledBox;
  /** How many tiles the steps ask for: 1 for a tile, 2 for a blend. */
  readonly tileCount: number;
  /** How many different tiles those are: fewer where a replaced section takes those of another one. */
  readonly distinctTileCount: number;
  /** How many tiles are filled because their section is broken. */
  readonly brokenTileCount: number;
  /** How many voxels of the region no tile holds. */
  readonly outsideVoxels: number;
  /** The broken sections of the region that are filled; ascending. */
  readonly filledSections: readonly number[];
  /** The broken sections of the region that others replace; ascending. */
  readonly replacedSections: readonly ReplacedSection[];
  readonly #grid: TileGrid;
  readonly #held: ScaledBox | undefined;
  readonly #brokenSources: ReadonlyMap<number, SectionSource>;

  /**
   * @throws InvalidZoomLevelError for a level that the stack does not have.
   * @throws BrokenSliceError if a broken section of the region is an error, or cannot be replaced.
   */
  constructor(request: PlanRequest) {
    const { stack, mirror, zoomLevel, box, brokenSliceHandling } = request;
    stack.checkZoomLevel(zoomLevel);
    checkBox(box);
    if (!(mirror.tileWidth >= 1 && mirror.tileHeight >= 1)) {
      throw new InvalidOptionError(
        `a plan needs a tile size, got ${mirror.tileWidth} × ${mirror.tileHeight}`,
      );
    }
    if (!brokenSliceHandlings.includes(brokenSliceHandling)) {
      throw new InvalidOptionError(`brokenSliceHandling must be one of ${brokenSliceHandlings.join(", ")}`);
    }
    this.box = box;
    this.#grid = new TileGrid(stack, mirror, zoomLevel);
    const held = this.#grid.held(box);
    this.#held = held;
    this.outsideVoxels = voxelCount(box) - (held === undefined ? 0 : voxelCount(held));
    const slices = new BrokenSlices(
      stack.brokenSlices,
      stack.dimension.z,
      this.#grid.factor.z,
      brokenSliceHandling,
    );
    const [from, to] = held === undefined ? [0, 0] : [held.lower[0], held.upper[0]];
    const sources = new Map(slices.within(from, to).map((section) => [section, slices.source(section)]));
    this.#brokenSources = sources;
    this.filledSections = [...sources].flatMap(([section, { kind }]) => (kind === "broken" ? [section] : []));
    this.replacedSections = [...sources].flatMap(([section, source]) =>
      source.kind === "broken" ? [] : [{ section, sources: depthsOf(source) }],
    );
    const tilesPerSection = held === undefined ? 0 : this.#grid.tilesPerSection(held);
    const borrowed = this.replacedSections.flatMap(({ sources: depths }) => depths);
    const isOwn = (depth: number): boolean => depth >= from && depth < to && !sources.has(depth);
    const intact = to - from - sources.size;
    this.brokenTileCount = this.filledSections.length * tilesPerSection;
    this.tileCount = (intact + borrowed.length) * tilesPerSection;
    this.distinctTileCount =
      (intact + new Set(borrowed.filter((depth) => !isOwn(depth))).size) * tilesPerSection;
  }

  /**
   * The parts of the region, each voxel in exactly one: first what no tile holds, then the tiles by section, row and
   * column.
   *
   * @param within - Only what lies in this box. Default: the whole region.
   */
  *steps(within: ScaledBox = this.box): Generator<PlanStep> {
    const box = intersectBoxes(this.box, within);
    if (box === undefined) return;
    const held = this.#held === undefined ? undefined : intersectBoxes(box, this.#held);
    if (held === undefined) {
      yield { kind: "outside", box };
      return;
    }
    for (const outside of boxMinus(box, held)) yield { kind: "outside", box: outside };
    for (let section = held.lower[0]; section < held.upper[0]; section++)
      yield* this.#sectionSteps(held, section);
  }

  *#sectionSteps(held: ScaledBox, section: number): Generator<PlanStep> {
    const source = this.#brokenSources.get(section) ?? { kind: "tile", depth: section };
    for (const placed of this.#grid.tilesOf(held, section)) {
      const { box } = placed;
      if (source.kind === "tile") {
        yield { kind: "tile", tile: this.#grid.tile(source.depth, placed), box };
      } else if (source.kind === "broken") {
        yield { kind: "broken", tile: this.#grid.tile(section, placed), box };
      } else {
        const lowerTile = this.#grid.tile(source.lower, placed);
        const upperTile = this.#grid.tile(source.upper, placed);
        yield { kind: "blend", lowerTile, upperTile, upperWeight: source.upperWeight, box };
      }
    }
  }
}

function depthsOf(source: Exclude<SectionSource, { readonly kind: "broken" }>): readonly number[] {
  return source.kind === "tile" ? [source.depth] : [source.lower, source.upper];
}

function checkBox(box: ScaledBox): void {
  if (![...box.lower, ...box.upper].every(Number.isSafeInteger)) {
    throw new InvalidRoiError(
      `a scaled box must be whole voxels, got ${box.lower.join(", ")} to ${box.upper.join(", ")}`,
    );
  }
  if (isEmpty(box)) {
    throw new InvalidRoiError(
      `a scaled box holds no voxels: ${box.lower.join(", ")} to ${box.upper.join(", ")}`,
    );
  }
}
