import type { Vector3 } from "../space/axis-order.js";
import { TissueCells } from "./tissue/tissue-cells.js";
import { TissueLabels } from "./tissue/tissue-labels.js";
import { TissueSection } from "./tissue/tissue-section.js";
import type { TissueSite } from "./tissue/tissue-site.js";

/** How the plane of the images lies in the tissue. The names mean the same as CATMAID's stack orientations. */
export type SamplePlane = "xy" | "xz" | "zy";

/** A rectangle of the sample to draw, in voxels of its level. All numbers are whole, except for `factor`. */
export interface SampleTile {
  /** First column, along the image's own x. */
  readonly x: number;
  /** First row, along the image's own y. */
  readonly y: number;
  /** Number of the image, along its normal. */
  readonly z: number;
  readonly width: number;
  readonly height: number;
  /** Each level halves x and y, unless `factor` says otherwise. Default 0. */
  readonly zoomLevel?: number;
  /** Full-resolution voxels per voxel of the level, per image axis. Default 2 ** zoomLevel in x and y, 1 in z. */
  readonly factor?: Vector3;
  /** Plane of the images. Default `"xy"`. */
  readonly plane?: SamplePlane;
  /** Each seed gives another tissue. Default 1. */
  readonly seed?: number;
}

/** Where a picture is drawn, and the distance from a pixel to its right and its lower neighbour in `data`. */
export interface SampleCanvas {
  /** Bytes for grey values, 64-bit integers for labels. */
  readonly data: Uint8Array | BigUint64Array;
  readonly right: number;
  readonly below: number;
}

/**
 * Draws a part of the sample as grey values, row by row. Every voxel depends only on its position, the zoom level, the
 * plane and the seed, so tiles of any size and place agree, and all engines draw the same bytes.
 *
 * The voxel (x, y, z) of a level lies at the voxel (x·factor.x, y·factor.y, z·factor.z) of level 0, rounded down: the
 * pyramid keeps the top-left voxel. Details finer than the level (grain, vesicles) fade and membranes broaden, as they
 * would by averaging. No value is 0, so that filled voxels can be told from drawn ones.
 */
export function drawSampleTile(tile: SampleTile): Uint8Array {
  const { width, height } = tile;
  const data = new Uint8Array(width * height);
  drawSampleOnto({ data, right: 1, below: width }, tile);
  return data;
}

/**
 * Draws a part of the sample onto a canvas: grey values as {@link drawSampleTile} does, or the labels of its cells.
 * Labels are 0 in membranes. At a coarser level, they are the labels of the voxels that the level keeps.
 */
export function drawSampleOnto({ data, right, below }: SampleCanvas, tile: SampleTile): void {
  const { width, height, plane = "xy", seed = 1, zoomLevel = 0 } = tile;
  const factor = tile.factor ?? { x: 2 ** zoomLevel, y: 2 ** zoomLevel, z: 1 };
  const places = (first: number, count: number, factor: number) =>
    Int32Array.from({ length: count }, (_, i) => Math.floor((first + i) * factor));
  const columns = places(tile.x, width, factor.x);
  const rows = places(tile.y, height, factor.y);
  const image = places(tile.z, 1, factor.z);
  // For each axis of the tissue: its coordinates, and the distance of neighbours along it in the picture.
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

/** One voxel of the sample. {@link drawSampleTile} gives it the same value in any tile. */
export function sampleVoxel(
  x: number,
  y: number,
  z: number,
  zoomLevel = 0,
  options: Pick<SampleTile, "factor" | "plane" | "seed"> = {},
): number {
  return drawSampleTile({ ...options, x, y, z, zoomLevel, width: 1, height: 1 })[0] as number;
}

/** The cell that contains a voxel of full resolution: 32 bits, which no other cell is likely to share. */
export function cellAt(x: number, y: number, z: number, seed = 1): number {
  const cells = new TissueCells(Int32Array.of(x), 1, seed);
  cells.moveTo(z);
  cells.enter(y);
  return (cells.sites[0] as TissueSite).cell >>> 0;
}
