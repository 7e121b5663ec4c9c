import type { ScaledBox } from "../space/scaled-box.js";
import { splitBox } from "./split-box.js";
import type { StridedVolume } from "./strided-volume.js";

const pageBytes = 4096;
const mostPages = 1024;
const leastSide = 32;
const mostSide = 512;

/**
 * Cuts a box into pieces that are copied within a turn of the thread: squares of one section, or of several if they are
 * small. The first write to a page of fresh memory takes the time, up to 15 µs, and a permuted tile of 2048² may touch
 * a million pages.
 */
export function copyPieces(box: ScaledBox, { data, stride }: StridedVolume): Generator<ScaledBox> {
  const step = Math.min(Math.abs(stride.x), Math.abs(stride.y)) * data.BYTES_PER_ELEMENT;
  let side = leastSide;
  while (side < mostSide && pagesOf(2 * side, step) <= mostPages) side *= 2;
  const across = Math.min(side, Math.max(box.upper[1] - box.lower[1], box.upper[2] - box.lower[2]));
  const depth = Math.max(1, Math.floor(mostPages / pagesOf(across, step)));
  return splitBox(box, [depth, side, side]);
}

/** Cuts a box into pieces that are filled within a turn: runs along the axis whose neighbours lie closest together. */
export function fillPieces(box: ScaledBox, { data, stride }: StridedVolume): Generator<ScaledBox> {
  const [inner, middle] = ([stride.z, stride.y, stride.x] as const)
    .map((step, axis) => ({ axis, step: Math.abs(step) * data.BYTES_PER_ELEMENT }))
    .sort((a, b) => a.step - b.step) as [Axis, Axis, Axis];
  const pagesPerVoxel = Math.min(1, inner.step / pageBytes);
  const run = Math.min(box.upper[inner.axis] - box.lower[inner.axis], Math.floor(mostPages / pagesPerVoxel));
  const shape: [number, number, number] = [1, 1, 1];
  shape[inner.axis] = run;
  shape[middle.axis] = Math.max(1, Math.floor(mostPages / (run * pagesPerVoxel + 1)));
  return splitBox(box, shape);
}

interface Axis {
  readonly axis: 0 | 1 | 2;
  readonly step: number;
}

/** An upper bound of the pages that hold a square of this side whose neighbours lie `step` bytes apart. */
function pagesOf(side: number, step: number): number {
  return side * (Math.min(side, (side * step) / pageBytes) + 1);
}
