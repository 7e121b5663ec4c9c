/** PNG to grey with the WebAssembly kernels; the same bytes and the same refusals as `decode-png.ts`. */

import type { GreyTile } from "./decode-png.js";
import type { Kernels } from "./kernel-instance.js";

/** As `decodePng`; `undefined` where the kernels do not handle the file. */
export function decodePngWasm(
  _kernels: Kernels,
  _bytes: Uint8Array,
  _limit: { width: number; height: number },
): GreyTile | undefined {
  return undefined;
}
