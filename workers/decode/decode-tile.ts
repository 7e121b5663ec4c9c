/** Chooses the decoder of a tile. */

import { foreignBytes } from "./foreign-bytes.js";
import { decodeJpeg } from "./jpeg/decode-jpeg.js";
import { decodeJpegWasm } from "./jpeg/decode-jpeg-wasm.js";
import { KernelKeeper, threadKernels } from "./kernel-keeper.js";
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

/** A decoded tile, and the name of its decoder. */
export interface DecodedTile<S extends Samples = Samples> extends DecodedImage<S> {
  readonly decoder: "jpeg-wasm" | "jpeg-ts" | "png-wasm" | "png-ts";
}

/** Decodes tiles with kernels of its own, unless it is given a keeper of kernels. */
export class TileDecoder {
  readonly #keeper: KernelKeeper;

  constructor(keeper: KernelKeeper = new KernelKeeper()) {
    this.#keeper = keeper;
  }

  /**
   * Prepares the kernels, see {@link KernelKeeper.prepare}. Without them {@link decode} works in plain TypeScript and
   * returns the same bytes.
   */
  prepare(): Promise<void> {
    return this.#keeper.prepare();
  }

  /**
   * Decodes a PNG or JPEG to the wanted pixels, 8-bit grey by default, in a buffer of exactly their size. The format is
   * recognised from the bytes. Throws a `DecodeFailure`: `"not-an-image"`, `"unsupported-image"`, `"corrupt-image"`, or
   * `"wrong-size"` if the image does not fit `limit`.
   */
  decode(bytes: Uint8Array, limit: SizeLimit): DecodedTile<Uint8Array<ArrayBuffer>>;
  decode(bytes: Uint8Array, limit: SizeLimit, wanted: WantedPixels): DecodedTile;
  decode(bytes: Uint8Array, limit: SizeLimit, wanted: WantedPixels = greyBytes): DecodedTile {
    const tile = this.#decode(bytes, limit, wanted);
    return { ...tile, data: samplesOf(wanted.dataType, tile.data) };
  }

  #decode(bytes: Uint8Array, limit: SizeLimit, wanted: WantedPixels): DecodedTile {
    if (isPng(bytes)) {
      const tile = this.#keeper.use((kernels) => decodePngWasm(kernels, bytes, limit, wanted));
      return tile
        ? { ...tile, decoder: "png-wasm" }
        : { ...decodePng(bytes, limit, wanted), decoder: "png-ts" };
    }
    if (isJpeg(bytes)) {
      const tile = this.#keeper.use((kernels) => decodeJpegWasm(kernels, bytes, limit, wanted));
      return tile
        ? { ...tile, decoder: "jpeg-wasm" }
        : { ...decodeJpeg(bytes, limit, wanted), decoder: "jpeg-ts" };
    }
    throw foreignBytes(bytes);
  }
}

const decoder = new TileDecoder(threadKernels);

/** Calls {@link TileDecoder.prepare} of the thread's decoder. */
export function prepareDecoders(): Promise<void> {
  return decoder.prepare();
}

/** Calls {@link TileDecoder.decode} of the thread's decoder. */
export function decodeTile(
  bytes: Uint8Array,
  limit: SizeLimit,
  wanted: WantedPixels = greyBytes,
): DecodedTile {
  return decoder.decode(bytes, limit, wanted);
}

/** Widens samples of 8 bits to 16 if those are wanted. Their values do not change. */
function samplesOf(dataType: WantedPixels["dataType"], data: Samples): Samples {
  return dataType === "uint16" && data instanceof Uint8Array ? new Uint16Array(data) : data;
}

function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}
