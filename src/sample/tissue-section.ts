import { CameraNoise, type PixelLayout } from "./camera-noise.js";
import { CellMosaic } from "./cell-mosaic.js";
import { PlaneNoise } from "./lattice-noise.js";
import { type LatticeRun, latticeRuns, nodesOfRuns } from "./lattice-run.js";
import { PatchPainter } from "./patch-painter.js";
import { NodeRow, patchSide, TissuePatch } from "./tissue-patch.js";

/** Sections over which shapes change noticeably: 14 × 40 nm is the width of a thin neurite. */
const sectionsPerDrift = 14;

/** No bend or ripple moves anything further, in pixels. */
const furthest = 60;

/**
 * A tissue that does not exist but looks like serial-section electron microscopy of neuropil at 4 nm a pixel:
 * membranes, light and dark neurites, mitochondria, vesicles, grain. It is drawn section by section.
 *
 * A lattice is laid over the tissue, at places that do not depend on what is drawn. What is smooth is computed at its
 * nodes; the pixels within its squares are interpolated.
 */
export class TissueSection {
  readonly #xs: Int32Array;
  readonly #ys: Int32Array;
  readonly #step: number;
  readonly #spacing: number;
  readonly #columns: readonly LatticeRun[];
  readonly #rows: readonly LatticeRun[];
  readonly #nodes: { readonly places: Float64Array; readonly leftNodes: readonly number[] };
  readonly #top: NodeRow;
  readonly #bottom: NodeRow;
  readonly #bendX: PlaneNoise;
  readonly #bendY: PlaneNoise;
  readonly #rippleX: PlaneNoise;
  readonly #rippleY: PlaneNoise;
  readonly #profiles: CellMosaic;
  readonly #neurites: CellMosaic;
  readonly #painter: PatchPainter;
  readonly #camera: CameraNoise;
  readonly #patch = new TissuePatch();
  #drift = 0;

  /**
   * For the pixels at all pairs of `xs` and `ys`: positions at full resolution, ascending. `step` is the distance
   * between them: what is finer than that is softened instead of turning into noise.
   */
  constructor(xs: Int32Array, ys: Int32Array, step: number, seed: number) {
    this.#xs = xs;
    this.#ys = ys;
    this.#step = step;
    // Powers of 2, so that places within a square are exact.
    this.#spacing = step < 2 ? 8 : step < 4 ? 16 : patchSide;
    this.#columns = latticeRuns(xs, this.#spacing);
    this.#rows = latticeRuns(ys, this.#spacing);
    this.#nodes = nodesOfRuns(this.#columns, this.#spacing);
    this.#top = new NodeRow(this.#nodes.places.length);
    this.#bottom = new NodeRow(this.#nodes.places.length);
    this.#bendX = new PlaneNoise(128, seed ^ 0x1b873593);
    this.#bendY = new PlaneNoise(128, seed ^ 0x38b34ae5);
    this.#rippleX = new PlaneNoise(32, seed ^ 0x7ed55d16);
    this.#rippleY = new PlaneNoise(32, seed ^ 0x165667c5);
    this.#profiles = new CellMosaic(200, seed ^ 0x2545f491);
    this.#neurites = new CellMosaic(66, seed ^ 0x6c62272e);
    this.#painter = new PatchPainter(this.#profiles, this.#neurites, step, seed);
    this.#camera = new CameraNoise(step, seed);
  }

  /** Draws section `z` (a whole number) into `out`. */
  draw(z: number, out: Uint8Array, layout: PixelLayout): void {
    this.#moveTo(z);
    const xs = this.#xs;
    const ys = this.#ys;
    const patch = this.#patch;
    const spacing = this.#spacing;
    const columns = this.#columns;
    const places = this.#nodes.places;
    const leftNodes = this.#nodes.leftNodes;
    let top = this.#top;
    let bottom = this.#bottom;
    let square = Number.NaN;
    for (const rows of this.#rows) {
      if (rows.square === square + 1) [top, bottom] = [bottom, top];
      else if (rows.square !== square) this.#setNodes(top, places, rows.square * spacing);
      if (rows.square !== square) this.#setNodes(bottom, places, (rows.square + 1) * spacing);
      square = rows.square;
      patch.height = rows.count;
      this.#setPlaces(patch.down, patch.ys, ys, rows);
      for (let i = 0; i < columns.length; i++) {
        const run = columns[i] as LatticeRun;
        patch.width = run.count;
        this.#setPlaces(patch.across, patch.xs, xs, run);
        const node = leftNodes[i] as number;
        const greys = this.#painter.paint(patch, top, bottom, node);
        this.#camera.expose(greys, xs, ys, run, rows, out, layout);
      }
    }
  }

  #moveTo(z: number): void {
    const xs = this.#xs;
    const ys = this.#ys;
    const drift = z / sectionsPerDrift;
    const margin = this.#spacing + furthest;
    const left = (xs[0] as number) - margin;
    const top = (ys[0] as number) - margin;
    const right = (xs[xs.length - 1] as number) + margin;
    const bottom = (ys[ys.length - 1] as number) + margin;
    this.#drift = drift;
    this.#profiles.cover(left, top, right, bottom, drift);
    this.#neurites.cover(left, top, right, bottom, drift);
    this.#painter.moveTo(z, drift);
    this.#camera.moveTo(z);
  }

  #setPlaces(places: Float64Array, out: Int32Array, positions: Int32Array, run: LatticeRun): void {
    for (let i = 0; i < run.count; i++) {
      const position = positions[run.from + i] as number;
      out[i] = position;
      places[i] = position / this.#spacing - run.square;
    }
  }

  #setNodes(nodes: NodeRow, xs: Float64Array, y: number): void {
    const { bentX, bentY, mood, half, depth } = nodes;
    const drift = this.#drift;
    const count = xs.length;
    this.#bendX.addTo(bentX.fill(0), xs, count, y, drift, 1);
    this.#bendY.addTo(bentY.fill(0), xs, count, y, drift, 1);
    for (let i = 0; i < count; i++) {
      const feeling = (bentX[i] as number) * (bentY[i] as number);
      const aslant = feeling > 0.12 ? 60 * (feeling - 0.12) : 0;
      const seen = Math.max(4.6 + aslant, this.#step * 1.1);
      mood[i] = feeling;
      half[i] = seen;
      depth[i] = Math.min((4.6 * 118 + aslant * 34) / seen, 116);
      bentX[i] = (xs[i] as number) + 52 * (bentX[i] as number);
      bentY[i] = y + 52 * (bentY[i] as number);
    }
    this.#rippleX.addTo(bentX, xs, count, y, 2 * drift, 8);
    this.#rippleY.addTo(bentY, xs, count, y, 2 * drift, 8);
    this.#profiles.locate(bentX, bentY, count, nodes.profiles);
    this.#neurites.locate(bentX, bentY, count, nodes.neurites);
  }
}
