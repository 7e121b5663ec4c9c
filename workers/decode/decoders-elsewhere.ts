/**
 * Replaces the decoders of blocks, and of images that the kernels do not take, in the code that most pages load: the
 * worker inlined in the browser's bundle, and the two single-file builds (build/). A file that needs one of them is
 * handed back, and goes on to a worker or a file with all decoders.
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

/** Hands the file back instead of decoding as `decode-png.ts` does. */
export const decodePng: typeof png.decodePng = handBack;

/** Hands the file back instead of decoding as `decode-jpeg.ts` does. */
export const decodeJpeg: typeof jpeg.decodeJpeg = handBack;

/** Hands the file back instead of decoding as `decode-n5-block.ts` does. */
export const decodeN5Block: typeof n5.decodeN5Block = handBack;

/** Hands the file back instead of decoding as `decode-precomputed-chunk.ts` does. */
export const decodePrecomputedChunk: typeof precomputed.decodePrecomputedChunk = handBack;

/** Loads nothing, because the unpackers are elsewhere too. */
export const loadUnpacker: typeof unpacking.loadUnpacker = () => undefined;
