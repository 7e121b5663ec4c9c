import type { Bytes } from "../space/bytes.js";
import type { Voxels } from "../space/data-type.js";

/** The bytes of voxels, lowest first, as every platform that runs JavaScript has them. They share the voxels' memory. */
export function littleEndianBytes({ buffer, byteOffset, byteLength }: Voxels): Bytes {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
