import type { Triple } from "../space/axis-order.js";
import type { Block } from "../space/block.js";
import type { DataType } from "../space/data-type.js";
import { createVoxels, dataTypeOf, isBigInt, isFloating } from "../space/data-type.js";
import type { ScaledBox } from "../space/scaled-box.js";

/** A block, and where its first voxel lies. */
export interface PlacedVoxels {
  readonly block: Block;
  /** z, y, x, in scaled voxels of the stack. */
  readonly first: Triple;
}

/**
 * The section between two others, linear in z: `lower + (upper − lower) · upperWeight`, whole numbers rounded half up.
 * It extends from the first voxel of the box, which is one section deep, as far as both blocks reach.
 *
 * @param upperWeight - Between 0 and 1.
 */
export function blendBlocks(
  lower: PlacedVoxels,
  upper: PlacedVoxels,
  upperWeight: number,
  box: ScaledBox,
): Block {
  const [depth, height, width] = commonExtent(box, [lower, upper]);
  const dataType = dataTypeOf(lower.block.data) ?? "uint8";
  const voxels = createVoxels(dataType, depth * height * width);
  // To the compiler all arrays hold bytes: only `mix` depends on whether they hold other numbers or bigints.
  const data = voxels as Uint8Array;
  const [low, high] = [lower.block.data as Uint8Array, upper.block.data as Uint8Array];
  const mix = mixOf(dataType);
  const [lowFrom, highFrom] = [indexOf(lower, box.lower), indexOf(upper, box.lower)];
  for (let row = 0; row < depth * height; row++) {
    const a = lowFrom + row * lower.block.shape[2];
    const b = highFrom + row * upper.block.shape[2];
    const to = row * width;
    for (let column = 0; column < width; column++) {
      data[to + column] = mix(low[a + column] as number, high[b + column] as number, upperWeight);
    }
  }
  return { data: voxels, shape: [depth, height, width] };
}

type Mix = (low: number, high: number, upperWeight: number) => number;

function mixOf(dataType: DataType): Mix {
  if (isBigInt(dataType)) return mixBigInts as unknown as Mix;
  return isFloating(dataType) ? mixFloats : mixWholeNumbers;
}

function mixWholeNumbers(low: number, high: number, upperWeight: number): number {
  return Math.floor(low + (high - low) * upperWeight + 0.5);
}

function mixFloats(low: number, high: number, upperWeight: number): number {
  return low + (high - low) * upperWeight;
}

function mixBigInts(low: bigint, high: bigint, upperWeight: number): bigint {
  return low + BigInt(Math.floor(Number(high - low) * upperWeight + 0.5));
}

/** The extent of the box that all blocks serve, from its first voxel on. */
function commonExtent({ lower, upper }: ScaledBox, blocks: readonly PlacedVoxels[]): Triple {
  const extent = (axis: 0 | 1 | 2): number => {
    const ends = blocks.map(({ block, first }) => first[axis] + block.shape[axis]);
    return Math.max(0, Math.min(upper[axis], ...ends) - lower[axis]);
  };
  return [extent(0), extent(1), extent(2)];
}

function indexOf({ block: { shape }, first }: PlacedVoxels, [z, y, x]: Triple): number {
  return ((z - first[0]) * shape[1] + (y - first[1])) * shape[2] + (x - first[2]);
}
