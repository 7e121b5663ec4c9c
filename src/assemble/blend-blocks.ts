import type { Triple } from "../space/axis-order.js";
import type { Block } from "../space/block.js";
import { createVoxels, dataTypeOf } from "../space/data-type.js";
import type { ScaledBox } from "../space/scaled-box.js";

/** A block, and where its first voxel lies. */
export interface PlacedVoxels {
  readonly block: Block;
  /** z, y, x, in scaled voxels of the stack. */
  readonly first: Triple;
}

/**
 * The section between two others, linear in z: `lower + (upper − lower) · upperWeight`, whole numbers rounded half up.
 * It extends from the first voxel of the box, which is one section deep, as far as both blocks do.
 *
 * @param upperWeight - Between 0 and 1.
 */
export function blendBlocks(
  lower: PlacedVoxels,
  upper: PlacedVoxels,
  upperWeight: number,
  box: ScaledBox,
): Block {
  const [z, y, x] = box.lower;
  const end = (axis: 1 | 2): number =>
    Math.min(box.upper[axis], ...[lower, upper].map(({ block, first }) => first[axis] + block.shape[axis]));
  const [height, width] = [Math.max(0, end(1) - y), Math.max(0, end(2) - x)];
  const indexOf = ({ block: { shape }, first }: PlacedVoxels, row: number): number =>
    ((z - first[0]) * shape[1] + (y + row - first[1])) * shape[2] + (x - first[2]);
  const dataType = dataTypeOf(lower.block.data) ?? "uint8";
  // For the compiler an array of bytes: which numbers it holds is of no matter here.
  const data = createVoxels(dataType, height * width) as Uint8Array;
  const rounding = dataType.startsWith("float") ? (value: number) => value : halfUp;
  const [low, high] = [lower.block.data as Uint8Array, upper.block.data as Uint8Array];
  for (let row = 0; row < height; row++) {
    const [a, b, to] = [indexOf(lower, row), indexOf(upper, row), row * width];
    for (let column = 0; column < width; column++) {
      const value = low[a + column] as number;
      data[to + column] = rounding(value + ((high[b + column] as number) - value) * upperWeight);
    }
  }
  return { data, shape: [1, height, width] };
}

function halfUp(value: number): number {
  return Math.floor(value + 0.5);
}
