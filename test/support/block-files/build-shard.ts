import { gzipSync } from "fflate";
import { joinBytes } from "../images/build-png.js";

/** A chunk of a minishard, and the gap before it. */
export interface ShardChunk {
  readonly id: bigint;
  readonly bytes: Uint8Array;
  /** Bytes between the previous chunk and this one. Default: 0. */
  readonly gap?: number;
}

/**
 * A `.shard` file: the shard's index, then the chunks and the index of each minishard.
 *
 * @param minishards - The chunks of each minishard, in the order of the file. Their number is a power of two.
 * `undefined`: the minishard does not exist.
 */
export function buildShard(
  minishards: readonly (readonly ShardChunk[] | undefined)[],
  gzip = false,
): Uint8Array {
  const head = new BigUint64Array(2 * minishards.length);
  const parts: Uint8Array[] = [];
  let length = 0;
  const put = (part: Uint8Array): number => {
    parts.push(part);
    length += part.length;
    return length - part.length;
  };
  minishards.forEach((chunks, minishard) => {
    if (chunks === undefined) return;
    const starts = chunks.map(({ bytes, gap = 0 }) => {
      put(new Uint8Array(gap));
      return put(bytes);
    });
    const index = minishardIndex(
      chunks.map(({ id, bytes }, row) => ({ id, start: starts[row] as number, size: bytes.length })),
    );
    head[2 * minishard] = BigInt(put(gzip ? gzipSync(index) : index));
    head[2 * minishard + 1] = BigInt(length);
  });
  return joinBytes([new Uint8Array(head.buffer), ...parts]);
}

/** The index of a minishard: ids, starts and sizes, the first two as differences. */
export function minishardIndex(
  chunks: readonly { readonly id: bigint; readonly start: number; readonly size: number }[],
): Uint8Array {
  const before = [{ id: 0n, start: 0, size: 0 }, ...chunks];
  const columns = [
    chunks.map(({ id }, row) => id - (before[row]?.id ?? 0n)),
    chunks.map(({ start }, row) => BigInt(start - (before[row]?.start ?? 0) - (before[row]?.size ?? 0))),
    chunks.map(({ size }) => BigInt(size)),
  ];
  return new Uint8Array(new BigUint64Array(columns.flat()).buffer);
}
