import type { BlockPool } from "../../../src/pool/block-pool.js";
import type { BlockLevel, BlockSource, BlockStorage } from "../../../src/source/block-source.js";
import type { Triple } from "../../../src/space/axis-order.js";
import type { BlockIndex } from "../../../src/space/block.js";
import type { DataType } from "../../../src/space/data-type.js";
import { StackMirror } from "../../../src/stack/mirror/stack-mirror.js";
import type { Stack } from "../../../src/stack/stack.js";
import type { BlockJob, BlockResult, Codec } from "../../../workers/protocol.js";
import { voxelsOf } from "../exports/any-plan.js";
import { blockOf } from "./blocks.js";

/** How an array is cut into blocks. */
export interface ArrayLayout {
  readonly dataType: DataType;
  readonly blockShape: Triple;
  /** The voxel of the stack at which its first block begins. */
  readonly origin: Triple;
  /** Default: no. */
  readonly isLabels?: boolean;
  /** What an absent block means. Default: `"missing"`. */
  readonly absent?: BlockLevel["absent"];
}

/** A mirror that is an array in memory, in blocks of any shape and data type, which mirrors of tiles do not offer. */
export class ArraySource implements BlockSource {
  readonly mirror: StackMirror = new StackMirror({
    imageBase: "http://array/",
    fileExtension: "png",
    tileWidth: 1,
    tileHeight: 1,
    tileSourceType: 1,
  });
  readonly isLabels: boolean;
  readonly warnings: readonly string[] = [];
  readonly #layout: ArrayLayout;
  readonly #end: Triple;

  constructor({ dimension: { x, y, z } }: Stack, layout: ArrayLayout) {
    this.#layout = layout;
    this.isLabels = layout.isLabels ?? false;
    this.#end = [z, y, x];
  }

  level(): BlockLevel {
    const all = { lower: [0, 0, 0] as const, upper: this.#end };
    const { dataType, blockShape, origin, absent = "missing" } = this.#layout;
    return { dataType, blockShape, origin, covered: all, held: all, absent };
  }

  codec(): Codec {
    return { kind: "bytes" };
  }

  storage(): BlockStorage {
    return { encoding: "none", sharded: false };
  }

  key(block: BlockIndex): string {
    return block.at.join("/");
  }

  position(block: BlockIndex): string {
    return `block ${this.key(block)}`;
  }

  url(block: BlockIndex): string {
    return `http://array/${this.key(block)}`;
  }

  /**
   * A pool that serves the array's blocks, cut short at the array's end, and a list of the URLs that it was asked for.
   *
   * @param isMissing - Whether the pool answers that a block is missing. Default: never.
   */
  pool(
    voxelValue: (at: Triple) => number | bigint,
    isMissing: (at: Triple) => boolean = () => false,
  ): { readonly pool: BlockPool; readonly asked: string[] } {
    const asked: string[] = [];
    const run = async ({ url }: BlockJob): Promise<BlockResult> => {
      asked.push(url);
      if (isMissing(indexIn(url))) return { kind: "missing", status: 404, bodyBytes: 0 };
      return { kind: "block", ...this.#block(url, voxelValue), bodyBytes: 1, decoder: "none" };
    };
    return { pool: { kind: "in-process", run, close: async () => {} }, asked };
  }

  #block(url: string, voxelValue: (at: Triple) => number | bigint) {
    const { dataType, blockShape, origin } = this.#layout;
    const at = indexIn(url);
    const along = (axis: 0 | 1 | 2): readonly [number, number] => {
      const first = origin[axis] + at[axis] * blockShape[axis];
      return [first, Math.min(first + blockShape[axis], this.#end[axis])];
    };
    const [z, y, x] = [along(0), along(1), along(2)];
    const box = { lower: [z[0], y[0], x[0]] as Triple, upper: [z[1], y[1], x[1]] as Triple };
    const shape: Triple = [z[1] - z[0], y[1] - y[0], x[1] - x[0]];
    return blockOf(dataType, shape, voxelsOf(box).map(voxelValue));
  }
}

function indexIn(url: string): Triple {
  const [z = Number.NaN, y = Number.NaN, x = Number.NaN] = new URL(url).pathname
    .slice(1)
    .split("/")
    .map(Number);
  return [z, y, x];
}
