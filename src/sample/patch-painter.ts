import type { CellMosaic } from "./cell-mosaic.js";
import { CellShade } from "./cell-shade.js";
import { mixed, type NodeRow, PatchCells, patchSide, type TissuePatch } from "./tissue-patch.js";

/** Least distance of mitochondria from the cell's border, in pixels. */
const clearance = 7;

/** Paints cells and membranes into a patch; grain is for others to add. */
export class PatchPainter {
  readonly #profiles: CellMosaic;
  readonly #neurites: CellMosaic;
  readonly #profile: CellShade;
  readonly #neurite: CellShade;
  readonly #profileCells: PatchCells = new PatchCells();
  readonly #neuriteCells: PatchCells = new PatchCells();
  readonly #greys: Float64Array = new Float64Array(patchSide * patchSide);

  constructor(profiles: CellMosaic, neurites: CellMosaic, step: number, seed: number) {
    this.#profiles = profiles;
    this.#neurites = neurites;
    this.#profile = new CellShade(profiles, 42, step, seed);
    this.#neurite = new CellShade(neurites, 20, step, seed);
  }

  /** Goes to section `z`. */
  moveTo(z: number, drift: number): void {
    this.#profile.moveTo(z, drift);
    this.#neurite.moveTo(z, drift);
  }

  /**
   * The grey values of a patch, row by row, in memory that is used again. Its left corners are the nodes `node` of the
   * two rows.
   */
  paint(patch: TissuePatch, top: NodeRow, bottom: NodeRow, node: number): Float64Array {
    patch.setCorners(top, bottom, node);
    const profile = this.#profile;
    const profiles = this.#profileCells;
    const neurites = this.#neuriteCells;
    this.#profiles.fill(patch, top.profiles, bottom.profiles, node, profiles);
    profile.choose(profiles.cell[0] as number);
    this.#paintMood(patch);
    if (profiles.uniform && !profile.isBundle) {
      this.#addCell(patch, profile, profiles.border);
      this.#addMembranes(patch, profiles);
      return this.#greys;
    }
    this.#neurites.fill(patch, top.neurites, bottom.neurites, node, neurites);
    if (profiles.uniform) neurites.narrow(profiles, patch.width * patch.height);
    if (profiles.uniform && neurites.uniform) {
      this.#neurite.choose(neurites.cell[0] as number);
      this.#addCell(patch, this.#neurite, neurites.border);
    } else {
      this.#addCells(patch);
    }
    this.#addMembranes(patch, profiles.uniform ? neurites : profiles);
    return this.#greys;
  }

  #paintMood({ width, height, across, down, mood }: TissuePatch): void {
    const greys = this.#greys;
    for (let row = 0, p = 0; row < height; row++) {
      const t = down[row] as number;
      const left = mixed(mood, 0, t);
      const slope = mixed(mood, 1, t) - left;
      for (let column = 0; column < width; column++, p++) {
        greys[p] = 16 * (left + slope * (across[column] as number));
      }
    }
  }

  /** Adds the inside of the only cell in the patch. */
  #addCell(patch: TissuePatch, shade: CellShade, border: Float64Array): void {
    const greys = this.#greys;
    const { width, height, across, down, xs, ys, cornerX, cornerY } = patch;
    const { base, vesicles } = shade;
    for (let p = 0; p < width * height; p++) greys[p] = (greys[p] as number) + base;
    if (vesicles > 0) {
      for (let row = 0, p = 0; row < height; row++) {
        const y = ys[row] as number;
        for (let column = 0; column < width; column++, p++) {
          greys[p] = (greys[p] as number) - shade.vesicleAt(xs[column] as number, y);
        }
      }
    }
    if (!shade.mayReach(patch)) return;
    for (let row = 0, p = 0; row < height; row++) {
      const t = down[row] as number;
      const x = mixed(cornerX, 0, t);
      const y = mixed(cornerY, 0, t);
      const slopeX = mixed(cornerX, 1, t) - x;
      const slopeY = mixed(cornerY, 1, t) - y;
      for (let column = 0; column < width; column++, p++) {
        if ((border[p] as number) < clearance) continue;
        const s = across[column] as number;
        greys[p] = (greys[p] as number) - shade.mitochondrionAt(x + slopeX * s, y + slopeY * s);
      }
    }
  }

  /** Adds the insides of all cells in the patch. */
  #addCells({ width, height, across, down, xs, ys, cornerX, cornerY }: TissuePatch): void {
    const greys = this.#greys;
    const { cell, border } = this.#profileCells;
    const { cell: neuriteCell, border: neuriteBorder } = this.#neuriteCells;
    for (let row = 0, p = 0; row < height; row++) {
      const t = down[row] as number;
      const y = ys[row] as number;
      for (let column = 0; column < width; column++, p++) {
        let shade = this.#profile;
        shade.choose(cell[p] as number);
        if (shade.isBundle) {
          shade = this.#neurite;
          shade.choose(neuriteCell[p] as number);
          border[p] = Math.min(border[p] as number, neuriteBorder[p] as number);
        }
        let grey = (greys[p] as number) + shade.base;
        if (shade.vesicles > 0) grey -= shade.vesicleAt(xs[column] as number, y);
        if (shade.mitochondrion > 0 && (border[p] as number) >= clearance) {
          const s = across[column] as number;
          const left = mixed(cornerX, 0, t);
          const above = mixed(cornerY, 0, t);
          const x = left + (mixed(cornerX, 1, t) - left) * s;
          grey -= shade.mitochondrionAt(x, above + (mixed(cornerY, 1, t) - above) * s);
        }
        greys[p] = grey;
      }
    }
  }

  /** Adds membranes: thin dark lines, or, cut at a slant, broad grey bands. */
  #addMembranes({ width, height, across, down, half, depth }: TissuePatch, cells: PatchCells): void {
    const greys = this.#greys;
    const { border } = cells;
    const broadest = Math.max(half[0] as number, half[1] as number, half[2] as number, half[3] as number);
    if (cells.uniform && cells.nearest >= broadest) return;
    for (let row = 0, p = 0; row < height; row++) {
      const t = down[row] as number;
      const reach = mixed(half, 0, t);
      const reachSlope = mixed(half, 1, t) - reach;
      const dark = mixed(depth, 0, t);
      const darkSlope = mixed(depth, 1, t) - dark;
      for (let column = 0; column < width; column++, p++) {
        const distance = border[p] as number;
        if (distance >= broadest) continue;
        const s = across[column] as number;
        const near = distance / (reach + reachSlope * s);
        if (near >= 1) continue;
        const share = 1 - near * near;
        greys[p] = (greys[p] as number) - (dark + darkSlope * s) * share * share;
      }
    }
  }
}
