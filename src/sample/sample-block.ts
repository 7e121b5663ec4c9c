import { gzipSync } from "fflate";
import type { Triple, Vector3 } from "../space/axis-order.js";
import type { Voxels } from "../space/data-type.js";
import { drawSampleLabels, drawSampleTile, type SamplePlane } from "./draw-sample.js";
import { isBroken, type SampleStack, sampleFactor } from "./sample-stack.js";

type Dimension = 0 | 1 | 2;

/**
 * Which axis of the blocks, from 0, each axis of a stack is: blocks have the axes of project space, so that N5 and
 * precomputed volumes show the tissue the same way round whichever stack they are the mirror of.
 */
export const sliceDims: Readonly<Record<SamplePlane, readonly [Dimension, Dimension, Dimension]>> = {
  xy: [0, 1, 2],
  xz: [0, 2, 1],
  zy: [2, 1, 0],
};

/** Extent of a block that is not cut off by the end of the stack: x, y, z of project space. */
export const blockSize: Triple = [112, 96, 20];

/** A level of a stack as an array of blocks. Triples are x, y, z of project space. */
export interface SampleLevel {
  /** Extent in voxels, and in blocks. */
  readonly size: Triple;
  readonly grid: Triple;
  /** Full-resolution voxels per voxel; and in the stack's axes. */
  readonly factors: Triple;
  readonly factor: Vector3;
  /** nm per voxel. */
  readonly resolution: Triple;
}

/** The levels of a stack, from full resolution. */
export function sampleLevels(stack: SampleStack): readonly SampleLevel[] {
  const levels: SampleLevel[] = [];
  for (let factor = sampleFactor(stack, 0); factor !== undefined; ) {
    const factors = turned(stack, factor);
    const size = map3(turned(stack, stack.dimension), (side, axis) => Math.ceil(side / factors[axis]));
    const grid = map3(size, (side, axis) => Math.ceil(side / blockSize[axis]));
    const resolution = map3(turned(stack, stack.resolution), (nm, axis) => nm * factors[axis]);
    levels.push({ size, grid, factors, factor, resolution });
    factor = sampleFactor(stack, levels.length);
  }
  return levels;
}

/** Where a block of a level lies, in voxels: its first, and its extent. */
export function blockBox(
  { size }: SampleLevel,
  block: Triple,
): { readonly lower: Triple; readonly extent: Triple } {
  const lower = map3(block, (index, axis) => index * blockSize[axis]);
  return { lower, extent: map3(lower, (first, axis) => Math.min(blockSize[axis], size[axis] - first)) };
}

/** Whether a level has a block. */
export function hasBlock({ grid }: SampleLevel, block: Triple): boolean {
  return block.every(
    (index, axis) => Number.isInteger(index) && index >= 0 && index < (grid[axis] as number),
  );
}

/** The voxels of a block, x fastest, then y and z. They are those of the tiles, and 0 in sections that are broken. */
export function drawSampleBlock(stack: SampleStack, level: SampleLevel, block: Triple): Voxels {
  const { lower, extent } = blockBox(level, block);
  const { plane, seed } = stack;
  // From here in the stack's axes, as it is drawn image by image.
  const axes = sliceDims[plane];
  const [x, y, z] = map3(axes, (axis) => lower[axis]);
  const [width, height, depth] = map3(axes, (axis) => extent[axis]);
  const [right, below, behind] = map3(axes, (axis) => [1, extent[0], extent[0] * extent[1]][axis] as number);
  const { factor } = level;
  const grey = new Uint8Array(stack.shows === "labels" ? 0 : width * height * depth);
  const labels = new BigUint64Array(stack.shows === "labels" ? width * height * depth : 0);
  for (let k = 0; k < depth; k++) {
    if (isBroken(stack, z + k, factor)) continue;
    const tile = { x, y, z: z + k, width, height, factor, plane, seed };
    if (stack.shows === "labels") drawSampleLabels(tile, { data: labels.subarray(k * behind), right, below });
    else drawSampleTile(tile, { data: grey.subarray(k * behind), right, below });
  }
  return stack.shows === "labels" ? labels : grey;
}

/** What compresses blocks and indexes: the same bytes whenever it is asked. */
export function gzip(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return gzipSync(bytes, { level: 1, mtime: 0 });
}

/** A vector of the stack in the order of the blocks' axes. All orders here are their own inverse. */
export function turned({ plane }: SampleStack, { x, y, z }: Vector3): Triple {
  const vector = [x, y, z] as const;
  return map3(sliceDims[plane], (axis) => vector[axis]);
}

/** Three numbers from three, each with its axis. */
export function map3<T>(three: readonly [T, T, T], change: (value: T, axis: Dimension) => number): Triple {
  return [change(three[0], 0), change(three[1], 1), change(three[2], 2)];
}
