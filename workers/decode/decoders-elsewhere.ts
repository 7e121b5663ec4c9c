/**
 * Stands in for `decode-png.ts` and `decode-jpeg.ts` in the worker that is inlined in the browser's bundle, where the
 * kernels decode nearly every tile (build/tile-worker-plugin.ts). What they leave goes to a worker that has it all.
 */

import { HandedBack } from "../handed-back.js";
import type * as jpeg from "./jpeg/decode-jpeg.js";
import type * as png from "./png/decode-png.js";

/** As in `decode-png.ts`, but elsewhere. */
export const decodePng: typeof png.decodePng = (bytes) => {
  throw new HandedBack(bytes);
};

/** As in `decode-jpeg.ts`, but elsewhere. */
export const decodeJpeg: typeof jpeg.decodeJpeg = (bytes) => {
  throw new HandedBack(bytes);
};
