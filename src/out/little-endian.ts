import type { Bytes } from "../space/bytes.js";
import type { Voxels } from "../space/data-type.js";

/** Whether the lowest byte of a number comes first here. */
export const hostIsLittleEndian: boolean = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * The bytes of voxels as files have them, the lowest first. They share the voxels' memory where the host has them so too.
 *
 * @param isLittleEndian - Whether the voxels are so already; for tests.
 */
export function littleEndianBytes(voxels: Voxels, isLittleEndian: boolean = hostIsLittleEndian): Bytes {
  const bytes = new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength);
  const size = voxels.BYTES_PER_ELEMENT;
  if (isLittleEndian || size === 1) return bytes;
  const swapped = bytes.slice();
  for (let at = 0; at < swapped.length; at += size) swapped.subarray(at, at + size).reverse();
  return swapped;
}
