import type { Turn } from "../../concurrency/in-turns.js";
import { inTurns } from "../../concurrency/in-turns.js";
import { blockAt } from "../../source/block-at.js";
import type { BlockLevel } from "../../source/block-source.js";
import type { Triple } from "../../space/axis-order.js";
import type { BlockIndex } from "../../space/block.js";
import type { ScaledBox } from "../../space/scaled-box.js";

// Working through this many points takes well under a turn of the thread.
const runLength = 1024;

/** Cuts the numbers from 0 to `length`, exclusive, into runs that take at most one turn of the thread each. */
export function* runsOf(length: number): Generator<readonly [from: number, to: number]> {
  for (let from = 0; from < length; from += runLength) yield [from, Math.min(length, from + runLength)];
}

/**
 * Points, grouped by the block of a source's zoom level that they lie in. Points beyond the stack are in no group.
 * Takes a few bytes per point, and some more per block.
 */
export class PointBlocks {
  readonly #voxels: Float64Array;
  readonly #level: BlockLevel;
  readonly #zoomLevel: number;
  /** Numbers of the blocks, by their index as text. */
  readonly #numbers = new Map<string, number>();
  readonly #sections = new Set<number>();
  /** Numbers of the points, sorted by block. */
  #points = new Uint32Array(0);
  /** Where the points of each block begin in `#points`, and where those of the last block end. */
  #starts = new Uint32Array(1);

  private constructor(voxels: Float64Array, level: BlockLevel, zoomLevel: number) {
    this.#voxels = voxels;
    this.#level = level;
    this.#zoomLevel = zoomLevel;
  }

  /** Sorts points into blocks, in turns. `voxels` holds z, y, x of each point's voxel at the zoom level. */
  static async of(
    voxels: Float64Array,
    level: BlockLevel,
    zoomLevel: number,
    turn: Turn,
  ): Promise<PointBlocks> {
    const blocks = new PointBlocks(voxels, level, zoomLevel);
    await blocks.#sort(turn);
    return blocks;
  }

  /** How many points lie in blocks. */
  get pointCount(): number {
    return this.#points.length;
  }

  /** How many blocks have points. */
  get blockCount(): number {
    return this.#numbers.size;
  }

  /** The sections that have points. */
  get sections(): ReadonlySet<number> {
    return this.#sections;
  }

  /** The voxel of a point: z, y, x. */
  voxelOf(point: number): Triple {
    const at = 3 * point;
    return [this.#voxels[at], this.#voxels[at + 1], this.#voxels[at + 2]] as unknown as Triple;
  }

  /** Whether points lie in a block. */
  has({ level, at }: BlockIndex): boolean {
    return level === this.#zoomLevel && this.#numbers.has(at.join("/"));
  }

  /** The smallest box around the points of each block that has points. */
  *boxes(): Generator<ScaledBox> {
    for (let block = 0; block < this.blockCount; block++) {
      const lower: [number, number, number] = [Infinity, Infinity, Infinity];
      const upper: [number, number, number] = [-Infinity, -Infinity, -Infinity];
      for (const point of this.#pointsOf(block)) {
        const voxel = this.voxelOf(point);
        for (const axis of [0, 1, 2] as const) {
          lower[axis] = Math.min(lower[axis], voxel[axis]);
          upper[axis] = Math.max(upper[axis], voxel[axis] + 1);
        }
      }
      yield { lower, upper };
    }
  }

  /** The points in a box, which must lie in one block. */
  *within(box: ScaledBox): Generator<number> {
    const [z, y, x] = box.lower;
    const block = this.#numbers.get(this.#keyAt(z, y, x));
    if (block === undefined) return;
    for (const point of this.#pointsOf(block)) if (isIn(box, this.voxelOf(point))) yield point;
  }

  /** Whether there are points in a box, which must lie in one block. */
  isAnyWithin(box: ScaledBox): boolean {
    return !this.within(box).next().done;
  }

  /** How many points are in a box, which must lie in one block. */
  countWithin(box: ScaledBox): number {
    let count = 0;
    for (const _ of this.within(box)) count++;
    return count;
  }

  #pointsOf(block: number): Uint32Array {
    return this.#points.subarray(this.#starts[block], this.#starts[block + 1]);
  }

  #keyAt(z: number, y: number, x: number): string {
    return blockAt(this.#level, this.#zoomLevel, { x, y, z }).at.join("/");
  }

  async #sort(turn: Turn): Promise<void> {
    const count = this.#voxels.length / 3;
    // The number of each point's block, −1 for none; and how many points each block has.
    const blockOf = new Int32Array(count).fill(-1);
    const sizes: number[] = [];
    const find = ([from, to]: readonly [number, number]): void => {
      for (let point = from; point < to; point++) {
        const block = this.#numberOf(point);
        if (block === undefined) continue;
        blockOf[point] = block;
        sizes[block] = (sizes[block] ?? 0) + 1;
      }
    };
    await inTurns(runsOf(count), find, turn);
    const starts = new Uint32Array(this.blockCount + 1);
    for (const [block, size] of sizes.entries()) starts[block + 1] = (starts[block] as number) + size;
    this.#starts = starts;
    const next = starts.slice();
    this.#points = new Uint32Array(starts[this.blockCount] as number);
    for (let point = 0; point < count; point++) {
      const block = blockOf[point] as number;
      if (block < 0) continue;
      const place = next[block] as number;
      this.#points[place] = point;
      next[block] = place + 1;
    }
  }

  #numberOf(point: number): number | undefined {
    const [z, y, x] = this.voxelOf(point);
    if (!isIn(this.#level.covered, [z, y, x])) return undefined;
    this.#sections.add(z);
    const key = this.#keyAt(z, y, x);
    let block = this.#numbers.get(key);
    if (block === undefined) {
      block = this.#numbers.size;
      this.#numbers.set(key, block);
    }
    return block;
  }
}

function isIn({ lower, upper }: ScaledBox, [z, y, x]: Triple): boolean {
  return z >= lower[0] && z < upper[0] && y >= lower[1] && y < upper[1] && x >= lower[2] && x < upper[2];
}
