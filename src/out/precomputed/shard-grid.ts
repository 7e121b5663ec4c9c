import { InvalidOutError } from "../../errors.js";
import type { Triple } from "../../space/axis-order.js";
import { MortonCode } from "../../space/morton-code.js";
import { perAxis } from "../../space/per-axis.js";

/** Limits a minishard to 2 ** 9 chunks: readers fetch its index at once, and it has 24 bytes for each chunk. */
const mostBitsPerMinishard = 9;

/**
 * Divides the chunks of a level into boxes, each of which is a shard. The id of a chunk is its compressed Morton code. A
 * shard has the chunks whose ids differ only in the lowest bits: without the format's hash, which would scatter the chunks
 * of a shard over the volume. Triples are x, y, z.
 */
export class ShardGrid {
  /** Number of the lowest bits of an id, which tell the chunks of a minishard apart. */
  readonly preshiftBits: number;
  /** Number of the next bits, which tell the minishards of a shard apart. */
  readonly minishardBits: number;
  /** Number of the highest bits, which tell the shards apart. */
  readonly shardBits: number;
  readonly #ids: MortonCode;
  /** Numbers of chunks in a shard. */
  readonly #box: Triple;

  /**
   * Throws an `InvalidOutError` if boxes of this shape cannot be shards of the level.
   *
   * @param chunks - Numbers of chunks in the level.
   * @param box - Numbers of chunks in a shard that lies within the level; powers of two.
   */
  constructor(chunks: Triple, box: Triple) {
    this.#ids = new MortonCode(chunks);
    this.#box = box;
    const wanted = perAxis((axis) => Math.min(Math.log2(box[axis]), Math.ceil(Math.log2(chunks[axis]))));
    const bits = wanted[0] + wanted[1] + wanted[2];
    const shard = boxOfBits(chunks, bits);
    if (shard.some((side, axis) => side !== wanted[axis])) {
      throw new InvalidOutError(
        `shards of ${box.join(" × ")} chunks (x, y, z) cannot be in a volume of ${chunks.join(" × ")}: ` +
          `take ${shard.map((side) => 2 ** side).join(" × ")}, or as many along each axis`,
      );
    }
    this.preshiftBits = Math.min(bits, mostBitsPerMinishard);
    this.minishardBits = bits - this.preshiftBits;
    this.shardBits = this.#ids.bits - bits;
  }

  /** Name of a shard's file, by the shard's position in the grid of shards. */
  fileName(at: Triple): string {
    const first = this.idOf(perAxis((axis) => at[axis] * this.#box[axis]));
    const shard = first >> BigInt(this.preshiftBits + this.minishardBits);
    return `${shard.toString(16).padStart(Math.ceil(this.shardBits / 4), "0")}.shard`;
  }

  /** Id of a chunk, by its position in the grid of chunks. */
  idOf(chunk: Triple): bigint {
    return this.#ids.encode(chunk);
  }

  /** Number of a chunk's minishard within its shard. */
  minishardOf(id: bigint): number {
    return Number(BigInt.asUintN(this.minishardBits, id >> BigInt(this.preshiftBits)));
  }

  /** The member `sharding` of the `info` file. */
  sharding(isPacked: boolean): Readonly<Record<string, string | number>> {
    return {
      "@type": "neuroglancer_uint64_sharded_v1",
      hash: "identity",
      preshift_bits: this.preshiftBits,
      minishard_bits: this.minishardBits,
      shard_bits: this.shardBits,
      minishard_index_encoding: "raw",
      data_encoding: isPacked ? "gzip" : "raw",
    };
  }
}

/** How many of the lowest bits of a compressed Morton code belong to x, y and z: the base 2 logarithms of a shard's box. */
function boxOfBits(chunks: Triple, bits: number): Triple {
  const box: [number, number, number] = [0, 0, 0];
  let left = bits;
  for (let value = 1; left > 0; value *= 2) {
    for (const axis of [0, 1, 2] as const) {
      if (value >= chunks[axis] || left === 0) continue;
      box[axis]++;
      left--;
    }
  }
  return box;
}
