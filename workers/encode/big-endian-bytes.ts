import { swapBytes } from "../swap-bytes.js";

const hostIsLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** The bytes of voxels, highest first. If a voxel is one byte, they share the voxels' memory. */
export function bigEndianBytes<B extends ArrayBufferLike>(
  voxels: ArrayBufferView<B> & { readonly BYTES_PER_ELEMENT: number },
): Uint8Array<B | ArrayBuffer> {
  const bytes = new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength);
  const size = voxels.BYTES_PER_ELEMENT;
  if (size === 1 || !hostIsLittleEndian) return bytes;
  const swapped = new Uint8Array(bytes);
  swapBytes(swapped, size);
  return swapped;
}
