import type { Samples } from "../wanted-pixels.js";

/** Side of a block in pixels. Two blocks of bytes fit any first-level cache. */
const blockSize = 64;

/** The image mirrored along its diagonal: `height` pixels wide and `width` pixels high. */
export function transpose<S extends Samples>(data: S, width: number, height: number): S {
  const turned = data.slice() as S;
  for (let y0 = 0; y0 < height; y0 += blockSize) {
    const y1 = Math.min(y0 + blockSize, height);
    for (let x0 = 0; x0 < width; x0 += blockSize) {
      const x1 = Math.min(x0 + blockSize, width);
      for (let y = y0; y < y1; y += 1) {
        const row = y * width;
        for (let x = x0; x < x1; x += 1) turned[x * height + y] = data[row + x] ?? 0;
      }
    }
  }
  return turned;
}
