/** Most pixels along a side of a patch. */
export const patchSide = 32;

/**
 * A patch of a section: the pixels within one square of a lattice that is laid over the tissue. What is smooth is
 * known at the four corners, and interpolated between them.
 */
export class TissuePatch {
  /** Number of columns of pixels. */
  width = 0;
  /** Number of rows of pixels. */
  height = 0;
  /** Where each column lies between the left and the right corners, 0 to 1. */
  readonly across: Float64Array = new Float64Array(patchSide);
  /** Where each row lies between the top and the bottom corners, 0 to 1. */
  readonly down: Float64Array = new Float64Array(patchSide);
  /** Position of each column, at full resolution. */
  readonly xs: Int32Array = new Int32Array(patchSide);
  /** Position of each row, at full resolution. */
  readonly ys: Int32Array = new Int32Array(patchSide);
  /** The bent place of the corners: top left, top right, bottom left, bottom right. */
  readonly cornerX: Float64Array = new Float64Array(4);
  /** As for `cornerX`. */
  readonly cornerY: Float64Array = new Float64Array(4);
  /** {@link NodeRow.mood} of the corners. */
  readonly mood: Float64Array = new Float64Array(4);
  /** {@link NodeRow.half} of the corners. */
  readonly half: Float64Array = new Float64Array(4);
  /** {@link NodeRow.depth} of the corners. */
  readonly depth: Float64Array = new Float64Array(4);

  /** Takes the corners from two rows of nodes; the left ones are the nodes `node`. */
  setCorners(top: NodeRow, bottom: NodeRow, node: number): void {
    setFour(this.cornerX, top.bentX, bottom.bentX, node);
    setFour(this.cornerY, top.bentY, bottom.bentY, node);
    setFour(this.mood, top.mood, bottom.mood, node);
    setFour(this.half, top.half, bottom.half, node);
    setFour(this.depth, top.depth, bottom.depth, node);
  }
}

function setFour(corners: Float64Array, top: Float64Array, bottom: Float64Array, node: number): void {
  corners[0] = top[node] as number;
  corners[1] = top[node + 1] as number;
  corners[2] = bottom[node] as number;
  corners[3] = bottom[node + 1] as number;
}

/** The left (`side` 0) or right (1) of four corners' values, at `t` between the top and the bottom. */
export function mixed(corners: Float64Array, side: 0 | 1, t: number): number {
  const top = corners[side] as number;
  return top + ((corners[side + 2] as number) - top) * t;
}

/** What is smooth and belongs to the tissue as a whole, at the nodes of one row of the lattice. */
export class NodeRow {
  /** Bent place: where in the undistorted tissue the node lies. */
  readonly bentX: Float64Array;
  /** Bent place, as for `bentX`. */
  readonly bentY: Float64Array;
  /** −1 to 1: where membranes lie aslant, and where the tissue is lighter. */
  readonly mood: Float64Array;
  /** Half the width of a membrane, in pixels of full resolution. */
  readonly half: Float64Array;
  /** How much darker a membrane is. */
  readonly depth: Float64Array;
  /** The large profiles. */
  readonly profiles: CellNodes;
  /** The thin neurites. */
  readonly neurites: CellNodes;

  constructor(length: number) {
    this.bentX = new Float64Array(length);
    this.bentY = new Float64Array(length);
    this.mood = new Float64Array(length);
    this.half = new Float64Array(length);
    this.depth = new Float64Array(length);
    this.profiles = new CellNodes(length);
    this.neurites = new CellNodes(length);
  }
}

/** The nearest cells at the nodes of one row. */
export class CellNodes {
  /** The cell that the node lies in. */
  readonly first: Int32Array;
  /** The next cell. */
  readonly second: Int32Array;
  /** Distance to the border between the two, in pixels. */
  readonly border: Float64Array;

  constructor(length: number) {
    this.first = new Int32Array(length);
    this.second = new Int32Array(length);
    this.border = new Float64Array(length);
  }
}

/** The cells of one mosaic in a patch. */
export class PatchCells {
  /** The cell of each pixel, row by row. */
  readonly cell: Int32Array = new Int32Array(patchSide * patchSide);
  /** Distance to the cell's border, in pixels, row by row. */
  readonly border: Float64Array = new Float64Array(patchSide * patchSide);
  /** Whether all pixels lie in the same cell. */
  uniform = false;
  /** Where `uniform`: no pixel is nearer to the border. */
  nearest = 0;

  /** Takes the borders of other cells for borders of these too, in the first `count` pixels. */
  narrow({ border, nearest }: PatchCells, count: number): void {
    this.nearest = Math.min(this.nearest, nearest);
    for (let p = 0; p < count; p++) this.border[p] = Math.min(this.border[p] as number, border[p] as number);
  }
}
