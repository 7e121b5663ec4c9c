import { encodeShard } from "../../workers/encode/encode-shard.js";
import type { Triple } from "../space/axis-order.js";
import { blockAt, gridOf, gzip, type SampleBlock, type SampleLevel } from "./sample-block.js";

// A shard has 8 chunks (2 × 2 × 2 if the level is large enough) in two minishards: 1.7 MB of grey values.
const preshiftBits = 2;
const minishardBits = 1;
const idBits = preshiftBits + minishardBits;

/** The `sharding` of a level, as it stands in the `info`. */
export function shardingOf(level: SampleLevel, isLabels: boolean): Readonly<Record<string, unknown>> {
  return {
    "@type": "neuroglancer_uint64_sharded_v1",
    hash: "identity",
    preshift_bits: preshiftBits,
    minishard_bits: minishardBits,
    shard_bits: shardBits(gridOf(level)),
    minishard_index_encoding: "gzip",
    data_encoding: isLabels ? "gzip" : "raw",
  };
}

/** The blocks in the shard with a file name, by chunk id; `undefined` if there is no such shard. */
export function blocksOfShard(
  level: SampleLevel,
  name: string,
): ReadonlyMap<bigint, SampleBlock> | undefined {
  const grid = gridOf(level);
  const [, digits = ""] = /^([0-9a-f]+)\.shard$/.exec(name) ?? [];
  if (digits.length !== Math.max(1, Math.ceil(shardBits(grid) / 4))) return undefined;
  const first = BigInt(`0x${digits}`) << BigInt(idBits);
  const blocks = new Map<bigint, SampleBlock>();
  for (let id = first; id < first + BigInt(2 ** idBits); id++) {
    const index = indexOf(id, grid);
    const block = index && blockAt(level, index);
    if (block !== undefined) blocks.set(id, block);
  }
  return blocks.size === 0 ? undefined : blocks;
}

/** The file of a shard. */
export function sampleShard(
  blocks: ReadonlyMap<bigint, SampleBlock>,
  isLabels: boolean,
  encode: (block: SampleBlock) => Uint8Array,
): Uint8Array {
  const chunkOf = (block: SampleBlock) => (isLabels ? gzip(encode(block)) : encode(block));
  const chunks = new Map([...blocks].map(([id, block]) => [id, chunkOf(block)]));
  const minishardOf = (id: bigint) => Number(BigInt.asUintN(minishardBits, id >> BigInt(preshiftBits)));
  return encodeShard(chunks, { minishards: 2 ** minishardBits, minishardOf, packIndex: gzip });
}

function shardBits(grid: Triple): number {
  const bits = grid.reduce((sum, blocks) => sum + Math.ceil(Math.log2(blocks)), 0);
  return Math.max(0, bits - idBits);
}

/** The index of the block whose compressed Morton code is `id`; `undefined` if no block can have it. */
function indexOf(id: bigint, grid: Triple): Triple | undefined {
  const index: [number, number, number] = [0, 0, 0];
  let rest = id;
  for (let bit = 1; bit < Math.max(...grid); bit *= 2) {
    for (const axis of [0, 1, 2] as const) {
      if (bit >= grid[axis]) continue;
      index[axis] += Number(rest & 1n) * bit;
      rest >>= 1n;
    }
  }
  return rest === 0n ? index : undefined;
}
