// No typed array of every browser is larger.
const mostBytes = 2 ** 31;

/**
 * Whether the blocks of an array can be held in memory.
 *
 * @param size - Extent of the array, at whose end blocks are cut short, in voxels along each axis.
 * @param blockSize - Extent of its blocks, in the same order.
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
