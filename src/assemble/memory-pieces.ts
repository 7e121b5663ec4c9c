import type { ScaledBox } from "../plan/tile-plan.js";
import { splitBox } from "./split-box.js";
import type { StridedVolume } from "./strided-volume.js";

const pageBytes = 4096;
const mostPages = 1024;
const leastSide = 32;
const mostSide = 512;

/**
 * Cuts a box into pieces that are written within a turn of the thread. What takes time is the first write to a page of
 * fresh memory, 15 µs where it takes long, and a permuted tile of 2048² may touch a million of them.
 */
export function memoryPieces(box: ScaledBox, { data, stride }: StridedVolume): Generator<ScaledBox> {
  const step = Math.min(Math.abs(stride.x), Math.abs(stride.y)) * data.BYTES_PER_ELEMENT;
  let side = leastSide;
  while (side < mostSide && pagesOf(2 * side, step) <= mostPages) side *= 2;
  return splitBox(box, [1, side, side]);
}

/** At most so many pages hold a square of this side whose neighbours lie `step` bytes apart. */
function pagesOf(side: number, step: number): number {
  return side * (Math.min(side, (side * step) / pageBytes) + 1);
}
