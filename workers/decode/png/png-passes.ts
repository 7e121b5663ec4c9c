/** The passes in which a PNG stores its pixels: one, or Adam7's seven. */

import type { PngHeader } from "./png-header.js";

/** A pass: its pixel (i, j) is the image's pixel (x + i * dx, y + j * dy). */
export interface PngPass {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  readonly width: number;
  readonly height: number;
}

const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** The passes of an image, without those that have no pixels. */
export function passesOf(header: PngHeader): readonly PngPass[] {
  const { width, height } = header;
  if (!header.interlaced) return [{ x: 0, y: 0, dx: 1, dy: 1, width, height }];
  return adam7
    .map(([x, y, dx, dy]) => ({
      ...{ x, y, dx, dy },
      width: Math.ceil((width - x) / dx),
      height: Math.ceil((height - y) / dy),
    }))
    .filter((pass) => pass.width > 0 && pass.height > 0);
}
