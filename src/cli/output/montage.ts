import type { Triple } from "../../index.js";

/** A grey picture, row by row. */
export interface GreyPicture {
  /** Grey values. */
  readonly data: Uint8Array;
  /** Number of columns. */
  readonly width: number;
  /** Number of rows. */
  readonly height: number;
}

/** Pixels between planes, and their grey value. */
const gap = 4;
const gapValue = 255;

/**
 * Arranges the planes of a dense volume in one picture, line by line.
 *
 * @param across - Number of planes side by side. Default: the number that makes the picture about square.
 */
export function montage(
  data: Uint8Array,
  [planes, height, width]: Triple,
  across: number = Math.ceil(Math.sqrt((planes * height) / width)),
): GreyPicture {
  const columns = Math.min(planes, across);
  const lines = Math.ceil(planes / columns);
  const totalWidth = columns * (width + gap) - gap;
  const totalHeight = lines * (height + gap) - gap;
  const picture = new Uint8Array(totalWidth * totalHeight).fill(gapValue);
  for (let plane = 0; plane < planes; plane++) {
    const left = (plane % columns) * (width + gap);
    const top = Math.floor(plane / columns) * (height + gap);
    for (let row = 0; row < height; row++) {
      const from = (plane * height + row) * width;
      picture.set(data.subarray(from, from + width), (top + row) * totalWidth + left);
    }
  }
  return { data: picture, width: totalWidth, height: totalHeight };
}
