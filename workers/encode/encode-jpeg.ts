import { encode } from "jpeg-js";
import { greyToRgba } from "./grey-to-rgba.js";

/**
 * Encodes grey values, row by row, as a baseline JPEG. It has three components, but the two of colour are neutral, so
 * decoding it to grey loses nothing more.
 *
 * @param quality - 1 to 100. Default 85.
 */
export function encodeGreyJpeg(
  data: Uint8Array,
  width: number,
  height: number,
  quality = 85,
): Uint8Array<ArrayBuffer> {
  return new Uint8Array(encode({ data: greyToRgba(data), width, height }, quality).data);
}
