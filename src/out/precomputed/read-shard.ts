import { DecodeFailure } from "../../errors.js";

/** All numbers in a shard's indexes have 64 bits. */
const numberBytes = 8;

/**
 * The chunks of a shard by id. The shard's minishard indexes must not be packed. Throws a `DecodeFailure` if an index is
 * damaged, or points outside the file.
 */
export function readShard(file: Uint8Array, minishards: number): ReadonlyMap<bigint, Uint8Array> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const start = 2 * numberBytes * minishards;
  if (file.length < start) throw damaged(file, "ends within its index");
  const numberAt = (at: number): bigint => view.getBigUint64(at, true);
  const partOf = (first: bigint, end: bigint): { readonly from: number; readonly to: number } => {
    if (first > end || end > file.length - start) throw damaged(file, "points out of itself");
    return { from: start + Number(first), to: start + Number(end) };
  };
  const chunks = new Map<bigint, Uint8Array>();
  for (let minishard = 0; minishard < minishards; minishard++) {
    const entry = 2 * numberBytes * minishard;
    const { from, to } = partOf(numberAt(entry), numberAt(entry + numberBytes));
    const count = (to - from) / numberBytes / 3;
    if (!Number.isInteger(count)) throw damaged(file, "has an index of another length");
    let id = 0n;
    let end = 0n;
    for (let row = 0; row < count; row++) {
      const column = (number: number): bigint => numberAt(from + numberBytes * (number * count + row));
      id = BigInt.asUintN(64, id + column(0));
      const first = end + column(1);
      end = first + column(2);
      const chunk = partOf(first, end);
      chunks.set(id, file.subarray(chunk.from, chunk.to));
    }
  }
  return chunks;
}

function damaged(file: Uint8Array, what: string): DecodeFailure {
  return new DecodeFailure("corrupt-image", `the shard of ${file.length} bytes is damaged: it ${what}`);
}
