/**
 * Makes the file of a block of an N5 dataset: the header of a plain block (mode 0), and its voxels.
 *
 * @param packed - The voxels, big-endian, with the first axis of the dataset fastest. Packed as the dataset's
 * attributes say.
 * @param extent - Extent of this block along each axis of the dataset. Blocks at the end of the dataset are smaller.
 * @param memoryOf - Returns memory of at least so many bytes, with any content. Default: new memory.
 */
export function encodeN5Block(
  packed: Uint8Array,
  extent: readonly number[],
  memoryOf = (byteLength: number): ArrayBuffer => new ArrayBuffer(byteLength),
): Uint8Array<ArrayBuffer> {
  const headerBytes = 4 + 4 * extent.length;
  const fileBytes = headerBytes + packed.length;
  const file = new Uint8Array(memoryOf(fileBytes), 0, fileBytes);
  const header = new DataView(file.buffer);
  header.setUint16(0, 0);
  header.setUint16(2, extent.length);
  extent.forEach((side, axis) => {
    header.setUint32(4 + 4 * axis, side);
  });
  file.set(packed, headerBytes);
  return file;
}
