import type { Vector3 } from "../space/axis-order.js";
import { TissueCells } from "./tissue/tissue-cells.js";
import { TissueLabels } from "./tissue/tissue-labels.js";
import { TissueSection } from "./tissue/tissue-section.js";
import type { TissueSite } from "./tissue/tissue-site.js";

/** How the plane of the images lies in the tissue; names and meaning are CATMAID's stack orientations. */
export type SamplePlane = "xy" | "xz" | "zy";

/** A rectangle of the sample to draw, in voxels of its level. All numbers are whole, but for factors. */
export interface SampleTile {
  /** First column, along the image's own x. */
  readonly x: number;
  /** First row, along the image's own y. */
  readonly y: number;
  /** Image, along its normal. */
  readonly z: number;
  readonly width: number;
  readonly height: number;
  /** Each level halves x and y, unless `factor` says otherwise. Default 0. */
  readonly zoomLevel?: number;
  /** Full-resolution voxels per voxel of the level, per image axis. Default 2 ** zoomLevel in x and y, 1 in z. */
  readonly factor?: Vector3;
  /** Plane of the images. Default `"xy"`. */
  readonly plane?: SamplePlane;
  /** Another tissue for another number. Default 1. */
  readonly seed?: number;
}

/** Where a picture is drawn to, and how far from a pixel the ones to the right and below are. */
export interface SampleCanvas {
  /** For grey values; or of 64 bits, for labels. */
  readonly data: Uint8Array | BigUint64Array;
  readonly right: number;
  readonly below: number;
}

/**
 * Draws a part of the sample: grey values, by default row by row. Every voxel is a function of its position, the zoom
 * level, the plane and the seed alone, so tiles of any size and place agree, and all engines draw the same bytes.
 *
 * The voxel (x, y, z) of a level lies at the voxel (x·factor.x, y·factor.y, z·factor.z) of level 0, rounded down: a
 * pyramid that keeps the top-left voxel. What is finer than the level (grain, vesicles) fades, and membranes
 * broaden, as they would by averaging. No value is 0, so that filled voxels can be told from drawn ones.
 */
export function drawSampleTile(tile: SampleTile): Uint8Array {
  const { width, height } = tile;
  const data = new Uint8Array(width * height);
  drawSampleOnto({ data, right: 1, below: width }, tile);
  return data;
}

/**
 * Draws a part of the sample, as {@link drawSampleTile} does, onto a canvas; or the labels of its cells, which are 0 in
 * membranes, and those of the voxels that a level keeps.
 */
export function drawSampleOnto({ data, right, below }: SampleCanvas, tile: SampleTile): void {
  const { width, height, plane = "xy", seed = 1, zoomLevel = 0 } = tile;
  const factor = tile.factor ?? { x: 2 ** zoomLevel, y: 2 ** zoomLevel, z: 1 };
  const places = (first: number, count: number, factor: number) =>
    Int32Array.from({ length: count }, (_, i) => Math.floor((first + i) * factor));
  const columns = places(tile.x, width, factor.x);
  const rows = places(tile.y, height, factor.y);
  const image = places(tile.z, 1, factor.z);
  // The tissue's axes in the picture: where they go, and how far apart neighbours on them are.
  const { xs, ys, zs, toX, toY, toZ } = {
    xy: { xs: columns, ys: rows, zs: image, toX: right, toY: below, toZ: 0 },
    xz: { xs: columns, ys: image, zs: rows, toX: right, toY: 0, toZ: below },
    zy: { xs: image, ys: rows, zs: columns, toX: 0, toY: below, toZ: right },
  }[plane];
  const step = Math.max(1, Math.min(factor.x, factor.y));
  const tissue =
    data instanceof BigUint64Array
      ? new TissueLabels(xs, seed, data)
      : new TissueSection(xs, step, seed, data);
  zs.forEach((z, k) => {
    tissue.moveTo(z);
    ys.forEach((y, j) => {
      tissue.draw(y, k * toZ + j * toY, toX);
    });
  });
}

/** One voxel of the sample: the same value that {@link drawSampleTile} gives it in any tile. */
export function sampleVoxel(
  x: number,
  y: number,
  z: number,
  zoomLevel = 0,
  options: Pick<SampleTile, "factor" | "plane" | "seed"> = {},
): number {
  return drawSampleTile({ ...options, x, y, z, zoomLevel, width: 1, height: 1 })[0] as number;
}

/** The cell that a voxel of full resolution lies in: 32 bits, which no other cell is likely to have. */
export function cellAt(x: number, y: number, z: number, seed = 1): number {
  const cells = new TissueCells(Int32Array.of(x), 1, seed);
  cells.moveTo(z);
  cells.enter(y);
  return (cells.sites[0] as TissueSite).cell >>> 0;
}
