import type { Bytes } from "../space/bytes.js";
import type { Voxels } from "../space/data-type.js";

/** Whether this machine stores the lowest byte of a number first. */
export const hostIsLittleEndian: boolean = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * The bytes of voxels in little-endian order, as files have them. On little-endian machines they share the voxels' memory.
 *
 * @param isLittleEndian - Whether the voxels in memory are little-endian. Default: as this machine is; tests set it.
 */
export function littleEndianBytes(voxels: Voxels, isLittleEndian: boolean = hostIsLittleEndian): Bytes {
  const bytes = new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength);
  const size = voxels.BYTES_PER_ELEMENT;
  if (isLittleEndian || size === 1) return bytes;
  const swapped = bytes.slice();
  for (let at = 0; at < swapped.length; at += size) swapped.subarray(at, at + size).reverse();
  return swapped;
}
