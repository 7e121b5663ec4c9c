/** The layout of a shard. */
export interface ShardLayout {
  /** Number of minishards, a power of two. */
  readonly minishards: number;
  /** The minishard that a chunk belongs to, from 0. */
  readonly minishardOf: (id: bigint) => number;
  /** Packs the index of a minishard as `minishard_index_encoding` says. Default: `"raw"`. */
  readonly packIndex?: (bytes: Uint8Array) => Uint8Array;
}

/**
 * Puts chunks into one file of a precomputed volume (`neuroglancer_uint64_sharded_v1`): the shard index, the chunks
 * ordered by minishard and id, and the indexes of the minishards. Neighbours in a minishard lie side by side.
 *
 * @param chunks - The chunks by id, each encoded as `data_encoding` says.
 */
export function encodeShard(
  chunks: ReadonlyMap<bigint, Uint8Array>,
  { minishards, minishardOf, packIndex = (bytes) => bytes }: ShardLayout,
): Uint8Array<ArrayBuffer> {
  const ids = [...chunks.keys()].sort((a, b) => (a < b ? -1 : 1));
  const parts: Uint8Array[] = [];
  // Places count from the end of the shard index.
  let end = 0;
  const append = (part: Uint8Array) => {
    parts.push(part);
    end += part.length;
  };
  const indexes = Array.from({ length: minishards }, (_, minishard) => {
    const own = ids.filter((id) => minishardOf(id) === minishard);
    const rows = new DataView(new ArrayBuffer(24 * own.length));
    const start = end;
    own.forEach((id, i) => {
      const chunk = chunks.get(id) as Uint8Array;
      // An id is stored as its difference from the one before, a start as its distance from the end of the chunk
      // before.
      rows.setBigUint64(8 * i, id - (own[i - 1] ?? 0n), true);
      rows.setBigUint64(8 * (own.length + i), BigInt(i === 0 ? start : 0), true);
      rows.setBigUint64(8 * (2 * own.length + i), BigInt(chunk.length), true);
      append(chunk);
    });
    return new Uint8Array(rows.buffer);
  });
  const shardIndex = new DataView(new ArrayBuffer(16 * minishards));
  indexes.forEach((index, minishard) => {
    shardIndex.setBigUint64(16 * minishard, BigInt(end), true);
    if (index.length > 0) append(packIndex(index));
    shardIndex.setBigUint64(16 * minishard + 8, BigInt(end), true);
  });
  const file = new Uint8Array(shardIndex.byteLength + end);
  file.set(new Uint8Array(shardIndex.buffer));
  let at = shardIndex.byteLength;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}
