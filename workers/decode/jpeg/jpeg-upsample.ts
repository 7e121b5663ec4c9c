/**
 * Enlarges subsampled colour planes to the size of the image, as libjpeg-turbo does by default ("fancy upsampling"). If
 * the plane is half as wide or high, the two nearest samples are weighted 3 : 1. Otherwise each sample is repeated.
 */

import { unsupported } from "./jpeg-failure.js";
import type { JpegFrame } from "./jpeg-frame.js";
import type { JpegPlane } from "./jpeg-plane.js";

/** Enlarges a plane. Throws a `DecodeFailure` if a sample would not be a whole number of pixels wide or high. */
export function upsample(frame: JpegFrame, plane: JpegPlane, index: number): Uint8Array {
  const { width, height, hMax, vMax } = frame;
  const { h, v } = frame.components[index] ?? { h: hMax, v: vMax };
  const across = hMax / h;
  const down = vMax / v;
  if (across === 1 && down === 1) return plane.data;
  if (!Number.isInteger(across) || !Number.isInteger(down)) {
    throw unsupported(`colour planes reduced by ${hMax}/${h} and ${vMax}/${v}`);
  }
  const smoothAcross = across === 2 && down <= 2 && plane.width > 2;
  const smoothDown = down === 2 && (across === 1 || smoothAcross);
  const out = new Uint8Array(width * height);
  const line = new Int32Array(plane.width);
  for (let y = 0; y < height; y++) {
    mixRows(plane, Math.floor(y / down), smoothDown ? 1 - 2 * (y % 2) : 0, line);
    const at = y * width;
    if (smoothAcross) {
      // The rounding alternates, so that the image as a whole gets neither brighter nor darker.
      const [even, odd, shift] = smoothDown ? [8, 7, 4] : [1, 2, 2];
      for (let x = 0; x < width; x++) {
        const i = x >> 1;
        const isOdd = (x & 1) === 1;
        const other = isOdd ? Math.min(i + 1, plane.width - 1) : Math.max(i - 1, 0);
        const sum = 3 * (line[i] as number) + (line[other] as number);
        out[at + x] = (sum + (isOdd ? odd : even)) >> shift;
      }
    } else if (smoothDown) {
      const rounding = 1 + (y % 2);
      for (let x = 0; x < width; x++) out[at + x] = ((line[x] as number) + rounding) >> 2;
    } else {
      for (let x = 0; x < width; x++) out[at + x] = line[Math.floor(x / across)] as number;
    }
  }
  return out;
}

/** Writes row `near`. If `above` is 1 or −1: three times that row plus the row above or below, four rows in all. */
function mixRows({ data, width, height }: JpegPlane, near: number, above: number, line: Int32Array): void {
  const from = near * width;
  if (above === 0) {
    for (let x = 0; x < width; x++) line[x] = data[from + x] as number;
    return;
  }
  const far = Math.min(height - 1, Math.max(0, near - above)) * width;
  for (let x = 0; x < width; x++) line[x] = 3 * (data[from + x] as number) + (data[far + x] as number);
}
