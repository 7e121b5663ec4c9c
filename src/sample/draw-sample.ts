import type { Vector3 } from "../space/axis-order.js";
import { TissueSection } from "./tissue-section.js";

/** How the plane of the images lies in the tissue; names and meaning are CATMAID's stack orientations. */
export type SamplePlane = "xy" | "xz" | "zy";

/** A rectangle of the sample to draw. All numbers are whole, except that factors need not be. */
export interface SampleTile {
  /** First column, in voxels of the level, along the image's own x. */
  readonly x: number;
  /** First row, in voxels of the level, along the image's own y. */
  readonly y: number;
  /** Image, in sections of the level, along the image's normal. */
  readonly z: number;
  /** Number of columns. */
  readonly width: number;
  /** Number of rows. */
  readonly height: number;
  /** Zoom level; each halves x and y unless `factor` says otherwise. Default 0. */
  readonly zoomLevel?: number;
  /** Full-resolution voxels per voxel of the level, per image axis. Default 2 ** zoomLevel in x and y, 1 in z. */
  readonly factor?: Vector3;
  /** Plane of the images. Default `"xy"`. */
  readonly plane?: SamplePlane;
  /** Another tissue for another number. Default 1. */
  readonly seed?: number;
}

/**
 * Draws a part of the sample: grey values, row by row. Every voxel is a function of its position, the zoom level,
 * the plane and the seed alone, so tiles of any size and place agree, and all engines draw the same bytes.
 *
 * The voxel (x, y, z) of a level lies at the voxel (x·factor.x, y·factor.y, z·factor.z) of level 0, rounded down: a
 * pyramid that keeps the top-left voxel. What is finer than the level (grain, vesicles) fades, and membranes
 * broaden, as they would by averaging. No value is 0, so that filled voxels can be told from drawn ones.
 */
export function drawSampleTile(tile: SampleTile): Uint8Array {
  const { width, height, plane = "xy", seed = 1, zoomLevel = 0 } = tile;
  const factor = tile.factor ?? { x: 2 ** zoomLevel, y: 2 ** zoomLevel, z: 1 };
  const step = Math.max(1, Math.min(factor.x, factor.y));
  const columns = levelZero(tile.x, width, factor.x);
  const rows = levelZero(tile.y, height, factor.y);
  const image = Math.floor(tile.z * factor.z);
  const out = new Uint8Array(width * height);
  if (plane === "xy") {
    new TissueSection(columns, rows, step, seed).draw(image, out, { offset: 0, right: 1, below: width });
    return out;
  }
  // Tissue z runs along the image's rows or columns, so each of these lies in a section of its own.
  const here = Int32Array.of(image);
  const [xs, ys, zs] = plane === "xz" ? [columns, here, rows] : [here, rows, columns];
  const tissue = new TissueSection(xs, ys, step, seed);
  zs.forEach((z, i) => {
    tissue.draw(z, out, { offset: plane === "xz" ? i * width : i, right: 1, below: width });
  });
  return out;
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

function levelZero(first: number, count: number, factor: number): Int32Array {
  const positions = new Int32Array(count);
  for (let i = 0; i < count; i++) positions[i] = Math.floor((first + i) * factor);
  return positions;
}
