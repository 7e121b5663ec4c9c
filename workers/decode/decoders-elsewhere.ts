/**
 * Stands in for what decodes blocks, and images that the kernels leave, in what most pages load: the worker that is inlined in
 * the browser's bundle, and the two single-file builds (build/). What needs one of them goes to where they all are.
 */

import { HandedBack } from "../handed-back.js";
import type * as jpeg from "./jpeg/decode-jpeg.js";
import type * as n5 from "./n5/decode-n5-block.js";
import type * as png from "./png/decode-png.js";
import type * as precomputed from "./precomputed/decode-precomputed-chunk.js";
import type * as unpacking from "./unpack/unpack.js";

const handBack = (bytes: Uint8Array): never => {
  throw new HandedBack(bytes);
};

/** As in `decode-png.ts`, but elsewhere. */
export const decodePng: typeof png.decodePng = handBack;

/** As in `decode-jpeg.ts`, but elsewhere. */
export const decodeJpeg: typeof jpeg.decodeJpeg = handBack;

/** As in `decode-n5-block.ts`, but elsewhere. */
export const decodeN5Block: typeof n5.decodeN5Block = handBack;

/** As in `decode-precomputed-chunk.ts`, but elsewhere. */
export const decodePrecomputedChunk: typeof precomputed.decodePrecomputedChunk = handBack;

/** As in `unpack.ts`, where the unpackers are. */
export const loadUnpacker: typeof unpacking.loadUnpacker = () => undefined;
