import { InvalidOutError } from "../../errors.js";
import type { Triple } from "../../space/axis-order.js";
import { MortonCode } from "../../space/morton-code.js";
import { perAxis } from "../chunked/unit-grid.js";

/** Chunks that the index of a minishard may have: it is read at once, 24 bytes for each. */
const mostBitsPerMinishard = 9;

/**
 * The chunks of a level in boxes, each of which is a shard. The id of a chunk is its compressed Morton code, and a shard has
 * the chunks whose ids differ in the lowest bits only. (A hash would scatter the chunks of a shard over the volume.)
 * Triples are x, y, z.
 */
export class ShardGrid {
  /** The lowest bits of an id, which tell chunks of a minishard apart. */
  readonly preshiftBits: number;
  /** The next ones, which tell minishards of a shard apart. */
  readonly minishardBits: number;
  /** The next ones, which tell shards apart. */
  readonly shardBits: number;
  readonly #ids: MortonCode;
  /** Chunks of a shard. */
  readonly #box: Triple;

  /**
   * Throws an `InvalidOutError` where such boxes are no shards.
   *
   * @param chunks - Of the level.
   * @param box - Chunks of a shard that lies within the level; powers of two.
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

  /** Name of the file of a shard, by the shard's place in the grid of shards. */
  fileName(at: Triple): string {
    const first = this.idOf(perAxis((axis) => at[axis] * this.#box[axis]));
    const shard = first >> BigInt(this.preshiftBits + this.minishardBits);
    return `${shard.toString(16).padStart(Math.ceil(this.shardBits / 4), "0")}.shard`;
  }

  /** Id of a chunk, by its place in the grid of chunks. */
  idOf(chunk: Triple): bigint {
    return this.#ids.encode(chunk);
  }

  /** Number of the minishard, in its shard, that a chunk belongs to. */
  minishardOf(id: bigint): number {
    return Number(BigInt.asUintN(this.minishardBits, id >> BigInt(this.preshiftBits)));
  }

  /** What the `info` says. */
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

/** How many of the lowest bits of a compressed Morton code are of x, of y and of z: so many chunks, as powers of two, share the others. */
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
