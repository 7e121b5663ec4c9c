import { swapBytes } from "../swap-bytes.js";

/** The bytes of voxels, highest first. If a voxel is one byte, they share the voxels' memory. */
export function bigEndianBytes<B extends ArrayBufferLike>(
  voxels: ArrayBufferView<B> & { readonly BYTES_PER_ELEMENT: number },
): Uint8Array<B | ArrayBuffer> {
  const bytes = new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength);
  const size = voxels.BYTES_PER_ELEMENT;
  if (size === 1) return bytes;
  const swapped = new Uint8Array(bytes);
  swapBytes(swapped, size);
  return swapped;
}
