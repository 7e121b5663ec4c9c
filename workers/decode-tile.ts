/** Which decoder takes a tile, and what becomes of the WebAssembly kernels. */

import { DecodeFailure } from "../src/errors.js";
import { decodeJpeg } from "./decode-jpeg.js";
import { decodeJpegWasm } from "./decode-jpeg-wasm.js";
import { decodePng, type GreyTile } from "./decode-png.js";
import { decodePngWasm } from "./decode-png-wasm.js";
import { foreignBytes } from "./foreign-bytes.js";
import { compileKernels, createKernels, instantiateKernels, type Kernels } from "./kernel-instance.js";
import { isPng } from "./png-header.js";

/** A decoded tile, and the decoder that did it. */
export interface DecodedTile extends GreyTile {
  readonly decoder: "jpeg-wasm" | "jpeg-ts" | "png-wasm" | "png-ts";
}

/** More memory than this is given back after the tile that needed it. */
const keptMemoryBytes = 1 << 25;

let preparing: Promise<void> | undefined;
let compiled: WebAssembly.Module | undefined;
let kernels: Kernels | undefined;

/**
 * Makes the kernels ready. Until it resolves, and for good where WebAssembly or its SIMD is missing or forbidden,
 * {@link decodeTile} works in plain TypeScript, with the same bytes. Never rejects; later calls do nothing more.
 */
export function prepareDecoders(): Promise<void> {
  preparing ??= prepare();
  return preparing;
}

async function prepare(): Promise<void> {
  compiled = await compileKernels();
  await renewKernels();
}

/**
 * Decodes a PNG or JPEG to 8-bit grey in a buffer of its own, of exactly its size. What the bytes are is seen from
 * themselves. Throws a `DecodeFailure`: `"not-an-image"`, `"unsupported-image"`, `"corrupt-image"`, or `"wrong-size"`
 * where the image exceeds `limit` in pixels.
 */
export function decodeTile(bytes: Uint8Array, limit: { width: number; height: number }): DecodedTile {
  if (isPng(bytes)) {
    const tile = withKernels((instance) => decodePngWasm(instance, bytes, limit));
    return tile ? { ...tile, decoder: "png-wasm" } : { ...decodePng(bytes, limit), decoder: "png-ts" };
  }
  if (isJpeg(bytes)) {
    const tile = withKernels((instance) => decodeJpegWasm(instance, bytes, limit));
    return tile ? { ...tile, decoder: "jpeg-wasm" } : { ...decodeJpeg(bytes, limit), decoder: "jpeg-ts" };
  }
  throw foreignBytes(bytes);
}

function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

/** Runs a decoder on the kernels; `undefined` where there are none or where they broke. */
function withKernels(decode: (instance: Kernels) => GreyTile | undefined): GreyTile | undefined {
  if (kernels === undefined) return undefined;
  try {
    const tile = decode(kernels);
    if (kernels.bytes().length > keptMemoryBytes) void renewKernels();
    return tile;
  } catch (error) {
    if (error instanceof DecodeFailure) throw error;
    // A trap, or no memory: the instance may be in any state, so the next file gets a new one.
    void renewKernels();
    return undefined;
  }
}

/** A host may refuse to instantiate at once (Chrome's main thread, once); then the kernels are back a moment later. */
async function renewKernels(): Promise<void> {
  kernels = undefined;
  if (compiled === undefined) return;
  kernels = createKernels(compiled) ?? (await instantiateKernels(compiled));
}
