/** Shards of Zarr v3 (`sharding_indexed`): chunks, followed by an index of their positions. */

import { DecodeFailure } from "../../errors.js";
import type { Bytes } from "../../space/bytes.js";
import type { SpareMemory } from "../chunked/spare-memory.js";
import { crc32c } from "./crc-32c.js";

/** The start and the length, in the index, of a chunk that is absent. */
const absent = 2n ** 64n - 1n;
const entryBytes = 16;
const checksumBytes = 4;

/** Puts the chunks of a shard, in C order, into one file. */
export function joinChunks(chunks: readonly (Bytes | undefined)[], memory: SpareMemory): Bytes {
  const lengths = chunks.map((chunk) => chunk?.length);
  const file = shardOf(lengths, memory);
  let at = 0;
  for (const chunk of chunks) {
    if (chunk === undefined) continue;
    file.set(chunk, at);
    at += chunk.length;
  }
  writeIndex(file, lengths);
  return file;
}

/** An uninitialized file for chunks of these lengths, at the beginning of its buffer. */
export function shardOf(
  lengths: readonly (number | undefined)[],
  memory: SpareMemory,
): Uint8Array<ArrayBuffer> {
  const chunkBytes = lengths.reduce<number>((sum, length = 0) => sum + length, 0);
  const fileBytes = chunkBytes + entryBytes * lengths.length + checksumBytes;
  return new Uint8Array(memory.take(fileBytes), 0, fileBytes);
}

/** Writes the index to the end of a file. `lengths`: of the chunks at its beginning, in C order. */
export function writeIndex(file: Bytes, lengths: readonly (number | undefined)[]): void {
  const indexBytes = entryBytes * lengths.length;
  const chunkBytes = file.length - indexBytes - checksumBytes;
  const index = new DataView(file.buffer, file.byteOffset + chunkBytes);
  let at = 0;
  lengths.forEach((length, number) => {
    index.setBigUint64(entryBytes * number, length === undefined ? absent : BigInt(at), true);
    index.setBigUint64(entryBytes * number + 8, length === undefined ? absent : BigInt(length), true);
    at += length ?? 0;
  });
  index.setUint32(indexBytes, crc32c(file.subarray(chunkBytes, chunkBytes + indexBytes)), true);
}

/** The `count` chunks of a shard, as views of the file's memory. Throws a `DecodeFailure` if the file is damaged. */
export function splitShard(file: Bytes, count: number): readonly (Bytes | undefined)[] {
  const indexBytes = entryBytes * count;
  const chunkBytes = file.length - indexBytes - checksumBytes;
  if (chunkBytes < 0) throw damaged("it ends within its index");
  const index = new DataView(file.buffer, file.byteOffset + chunkBytes, indexBytes + checksumBytes);
  if (index.getUint32(indexBytes, true) !== crc32c(file.subarray(chunkBytes, chunkBytes + indexBytes)))
    throw damaged("the checksum of its index is wrong");
  return Array.from({ length: count }, (_, number) => {
    const start = index.getBigUint64(entryBytes * number, true);
    const length = index.getBigUint64(entryBytes * number + 8, true);
    if (start === absent && length === absent) return undefined;
    if (start + length > chunkBytes) throw damaged(`chunk ${number} lies beyond its end`);
    return file.subarray(Number(start), Number(start + length));
  });
}

function damaged(what: string): DecodeFailure {
  return new DecodeFailure("corrupt-image", `the shard is damaged: ${what}`);
}
