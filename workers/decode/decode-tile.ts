/** Which decoder takes a tile, and what becomes of the WebAssembly kernels. */

import { DecodeFailure } from "../../src/errors.js";
import { foreignBytes } from "./foreign-bytes.js";
import { decodeJpeg } from "./jpeg/decode-jpeg.js";
import { decodeJpegWasm } from "./jpeg/decode-jpeg-wasm.js";
import { compileKernels, createKernels, instantiateKernels, type Kernels } from "./kernel-instance.js";
import { decodePng } from "./png/decode-png.js";
import { decodePngWasm } from "./png/decode-png-wasm.js";
import { isPng } from "./png/png-header.js";
import {
  type DecodedImage,
  greyBytes,
  type Samples,
  type SizeLimit,
  type WantedPixels,
} from "./wanted-pixels.js";

/** A decoded tile, and the decoder that did it. */
export interface DecodedTile<S extends Samples = Samples> extends DecodedImage<S> {
  readonly decoder: "jpeg-wasm" | "jpeg-ts" | "png-wasm" | "png-ts";
}

/** More memory than this is given back after the tile that needed it. */
const keptMemoryBytes = 1 << 25;

/** Decodes tiles with kernels of its own. */
export class TileDecoder {
  #preparing: Promise<void> | undefined;
  #compiled: WebAssembly.Module | undefined;
  #kernels: Kernels | undefined;

  /**
   * Makes the kernels ready. Until it resolves, and for good where WebAssembly or its SIMD is missing or forbidden,
   * {@link decode} works in plain TypeScript, with the same bytes. Never rejects; later calls do nothing more.
   */
  prepare(): Promise<void> {
    this.#preparing ??= compileKernels().then((compiled) => {
      this.#compiled = compiled;
      return this.#renewKernels();
    });
    return this.#preparing;
  }

  /**
   * Decodes a PNG or JPEG to the wanted pixels, 8-bit grey by default, in a buffer of its own, of exactly their size. What
   * the bytes are is seen from themselves. Throws a `DecodeFailure`: `"not-an-image"`, `"unsupported-image"`,
   * `"corrupt-image"`, or `"wrong-size"` where the image exceeds `limit` in pixels.
   */
  decode(bytes: Uint8Array, limit: SizeLimit): DecodedTile<Uint8Array<ArrayBuffer>>;
  decode(bytes: Uint8Array, limit: SizeLimit, wanted: WantedPixels): DecodedTile;
  decode(bytes: Uint8Array, limit: SizeLimit, wanted: WantedPixels = greyBytes): DecodedTile {
    const tile = this.#decode(bytes, limit, wanted);
    return { ...tile, data: samplesOf(wanted.dataType, tile.data) };
  }

  #decode(bytes: Uint8Array, limit: SizeLimit, wanted: WantedPixels): DecodedTile {
    if (isPng(bytes)) {
      const tile = this.#withKernels((kernels) => decodePngWasm(kernels, bytes, limit, wanted));
      return tile
        ? { ...tile, decoder: "png-wasm" }
        : { ...decodePng(bytes, limit, wanted), decoder: "png-ts" };
    }
    if (isJpeg(bytes)) {
      const tile = this.#withKernels((kernels) => decodeJpegWasm(kernels, bytes, limit, wanted));
      return tile
        ? { ...tile, decoder: "jpeg-wasm" }
        : { ...decodeJpeg(bytes, limit, wanted), decoder: "jpeg-ts" };
    }
    throw foreignBytes(bytes);
  }

  /** Runs a decoder on the kernels; `undefined` where there are none or where they broke. */
  #withKernels(decode: (kernels: Kernels) => DecodedImage | undefined): DecodedImage | undefined {
    const kernels = this.#kernels;
    if (kernels === undefined) return undefined;
    let broken = true;
    try {
      const tile = decode(kernels);
      broken = false;
      return tile;
    } catch (error) {
      // Anything else is a trap or a lack of memory: the instance may be in any state.
      broken = !(error instanceof DecodeFailure);
      if (!broken) throw error;
      return undefined;
    } finally {
      if (broken || kernels.bytes().length > keptMemoryBytes) void this.#renewKernels();
    }
  }

  /** At once if the host allows it (Chrome's main thread once did not), else a moment later. */
  async #renewKernels(): Promise<void> {
    this.#kernels = undefined;
    if (this.#compiled === undefined) return;
    this.#kernels = createKernels(this.#compiled) ?? (await instantiateKernels(this.#compiled));
  }
}

const decoder = new TileDecoder();

/** {@link TileDecoder.prepare} of the thread's decoder. */
export function prepareDecoders(): Promise<void> {
  return decoder.prepare();
}

/** {@link TileDecoder.decode} of the thread's decoder. */
export function decodeTile(
  bytes: Uint8Array,
  limit: SizeLimit,
  wanted: WantedPixels = greyBytes,
): DecodedTile {
  return decoder.decode(bytes, limit, wanted);
}

/** Samples of 8 bits keep their values in 16. */
function samplesOf(dataType: WantedPixels["dataType"], data: Samples): Samples {
  return dataType === "uint16" && data instanceof Uint8Array ? new Uint16Array(data) : data;
}

function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}
