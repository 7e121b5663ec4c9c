/**
 * Stands in for `decode-png.ts`, `decode-jpeg.ts`, `plain-inflater.ts` and `unpackers.ts` in the worker that is inlined in the
 * browser's bundle, where the kernels decode nearly every file (build/tile-worker-plugin.ts). What they leave goes to a worker
 * that has it all.
 */

import { HandedBack } from "../handed-back.js";
import type * as inflater from "./inflate/plain-inflater.js";
import type * as jpeg from "./jpeg/decode-jpeg.js";
import type * as png from "./png/decode-png.js";
import type { LaterUnpackers, Unpack } from "./unpack/later-unpackers.js";

/** As in `decode-png.ts`, but elsewhere. */
export const decodePng: typeof png.decodePng = (bytes) => {
  throw new HandedBack(bytes);
};

/** As in `decode-jpeg.ts`, but elsewhere. */
export const decodeJpeg: typeof jpeg.decodeJpeg = (bytes) => {
  throw new HandedBack(bytes);
};

/** As in `plain-inflater.ts`, but elsewhere. */
export const plainInflater: typeof inflater.plainInflater = (bytes) => {
  throw new HandedBack(bytes);
};

const unpackElsewhere: Unpack = (bytes) => {
  throw new HandedBack(bytes);
};

/** As in `unpackers.ts`, but elsewhere. */
export const unpackers: LaterUnpackers = {
  bzip2: unpackElsewhere,
  xz: unpackElsewhere,
  lz4: unpackElsewhere,
  blosc: unpackElsewhere,
  zstd: unpackElsewhere,
};
