/**
 * The file of a block of an N5 dataset: the header of a plain block (mode 0), and its voxels.
 *
 * @param packed - The voxels, big-endian, with the first axis of the dataset fastest; packed as the attributes of the dataset say.
 * @param extent - Of this block along each axis of the dataset, the first one first; at the end of the dataset as much as there is.
 */
export function encodeN5Block(packed: Uint8Array, extent: readonly number[]): Uint8Array<ArrayBuffer> {
  const headerBytes = 4 + 4 * extent.length;
  const file = new Uint8Array(headerBytes + packed.length);
  const header = new DataView(file.buffer);
  header.setUint16(2, extent.length);
  extent.forEach((side, axis) => {
    header.setUint32(4 + 4 * axis, side);
  });
  file.set(packed, headerBytes);
  return file;
}
