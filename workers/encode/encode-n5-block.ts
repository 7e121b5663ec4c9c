import type { Voxels } from "../../src/space/data-type.js";

const hostIsLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * Encodes a block of an N5 dataset: the header of a plain block (mode 0) and big-endian voxels.
 *
 * @param voxels - With the first axis of the dataset fastest.
 * @param extent - Of this block along each axis of the dataset, the first one first; at the end of the dataset as much as there is.
 * @param compress - What the attributes of the dataset call its compression. Default: none, `"raw"`.
 */
export function encodeN5Block(
  voxels: Voxels,
  extent: readonly number[],
  compress: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes,
): Uint8Array<ArrayBuffer> {
  const body = compress(bigEndianBytes(voxels));
  const headerBytes = 4 + 4 * extent.length;
  const file = new Uint8Array(headerBytes + body.length);
  const header = new DataView(file.buffer);
  header.setUint16(2, extent.length);
  extent.forEach((side, axis) => {
    header.setUint32(4 + 4 * axis, side);
  });
  file.set(body, headerBytes);
  return file;
}

function bigEndianBytes(voxels: Voxels): Uint8Array {
  const bytes = new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength);
  const size = voxels.BYTES_PER_ELEMENT;
  if (size === 1 || !hostIsLittleEndian) return bytes;
  const swapped = new Uint8Array(bytes.length);
  for (let first = 0; first < bytes.length; first += size) {
    for (let i = 0; i < size; i++) swapped[first + i] = bytes[first + size - 1 - i] as number;
  }
  return swapped;
}
