import { gzipSync } from "fflate";
import type { Triple, Vector3 } from "../space/axis-order.js";
import { drawSampleOnto, type SamplePlane } from "./draw-sample.js";
import { isBroken, type SampleStack, sampleFactor } from "./sample-stack.js";

/**
 * For each axis of a stack, the matching axis of the blocks, from 0; the table is its own inverse. Blocks have the axes
 * of project space, x fastest, so that N5 and precomputed volumes show the same tissue whichever stack they mirror.
 */
export const sliceDims: Readonly<Record<SamplePlane, readonly [Axis, Axis, Axis]>> = {
  xy: [0, 1, 2],
  xz: [0, 2, 1],
  zy: [2, 1, 0],
};

/** Extent of a block that is not cut off at the end of the stack: x, y, z of project space. */
export const blockSize: Triple = [112, 96, 20];

/** A level of a stack as an array of blocks. Triples are x, y, z of project space. */
export interface SampleLevel {
  /** Extent in voxels. */
  readonly size: Triple;
  /** Full-resolution voxels per voxel: `factors` in project space, `factor` in the stack's axes. */
  readonly factors: Triple;
  readonly factor: Vector3;
  /** nm per voxel. */
  readonly resolution: Triple;
}

/** A block of a level: its first voxel and its extent. */
export interface SampleBlock {
  readonly lower: Triple;
  readonly extent: Triple;
}

/** The levels of a stack, finest first. */
export function sampleLevels(stack: SampleStack): readonly SampleLevel[] {
  const levels: SampleLevel[] = [];
  for (
    let factor = sampleFactor(stack, 0);
    factor !== undefined;
    factor = sampleFactor(stack, levels.length)
  ) {
    const factors = turned(stack, factor);
    const size = map3(turned(stack, stack.dimension), (side, axis) => Math.ceil(side / factors[axis]));
    const resolution = map3(turned(stack, stack.resolution), (nm, axis) => nm * factors[axis]);
    levels.push({ size, factors, factor, resolution });
  }
  return levels;
}

/** Numbers of blocks along x, y, z. */
export function gridOf({ size }: SampleLevel): Triple {
  return map3(size, (side, axis) => Math.ceil(side / blockSize[axis]));
}

/** The block with an index; `undefined` if the level has no such block. */
export function blockAt(level: SampleLevel, index: Triple): SampleBlock | undefined {
  const grid = gridOf(level);
  if (!index.every((i, axis) => Number.isInteger(i) && i >= 0 && i < (grid[axis] as number)))
    return undefined;
  const lower = map3(index, (i, axis) => i * blockSize[axis]);
  return { lower, extent: map3(lower, (first, axis) => Math.min(blockSize[axis], level.size[axis] - first)) };
}

/** The voxels of a block, x fastest, then y and z. They equal those of the tiles; in broken sections they are 0. */
export function drawSampleBlock(
  stack: SampleStack,
  { factor }: SampleLevel,
  { lower, extent }: SampleBlock,
): BigUint64Array<ArrayBuffer> | Uint8Array<ArrayBuffer> {
  const length = extent[0] * extent[1] * extent[2];
  const data = stack.shows === "labels" ? new BigUint64Array(length) : new Uint8Array(length);
  const { plane, seed } = stack;
  // The block is drawn image by image, so from here on everything is in the stack's axes.
  const inStack = (triple: Triple) => map3(sliceDims[plane], (axis) => triple[axis]);
  const [x, y, z] = inStack(lower);
  const [width, height, depth] = inStack(extent);
  const [right, below, behind] = inStack([1, extent[0], extent[0] * extent[1]]);
  for (let k = 0; k < depth; k++) {
    if (isBroken(stack, z + k, factor)) continue;
    const canvas = { data: data.subarray(k * behind), right, below };
    drawSampleOnto(canvas, { x, y, z: z + k, width, height, factor, plane, seed });
  }
  return data;
}

type Axis = 0 | 1 | 2;

/** Packs blocks and indexes. The same input always gives the same bytes. */
export function gzip(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return gzipSync(bytes, { level: 1, mtime: 0 });
}

/** A vector of the stack in the order of the blocks' axes. */
export function turned({ plane }: SampleStack, { x, y, z }: Vector3): Triple {
  const vector = [x, y, z] as const;
  return map3(sliceDims[plane], (axis) => vector[axis]);
}

/** Maps three numbers, each with its axis. */
export function map3<T>(three: readonly [T, T, T], change: (value: T, axis: 0 | 1 | 2) => number): Triple {
  return [change(three[0], 0), change(three[1], 1), change(three[2], 2)];
}
