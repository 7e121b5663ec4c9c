// Some browsers allow no larger typed array.
const mostBytes = 2 ** 31;

/**
 * Whether one block of an array fits into memory.
 *
 * @param size - Extent of the array, in voxels along each axis. Blocks are cut short at its end.
 * @param blockSize - Extent of a block, in the same axis order.
 */
export function fitsMemory(
  size: readonly number[],
  blockSize: readonly number[],
  bytesPerVoxel: number,
): boolean {
  const bytes = size.reduce(
    (product, extent, axis) => product * Math.min(extent, blockSize[axis] ?? 1),
    bytesPerVoxel,
  );
  return bytes <= mostBytes;
}
