import { readFileSync } from "node:fs";
import { gunzipSync } from "fflate";
import { readShard } from "../blocks/read-blocks.js";
import { blocksFolder } from "./block-server.js";

/** A request for a part of a file. */
export interface PartRequest {
  /** The path of the file, relative to the folder of the arrays. */
  readonly file: string;
  readonly range: readonly [first: number, last: number] | undefined;
}

/** What was requested of a sharded array. */
export interface ShardRequests {
  /** Requests of indexes of shards. */
  readonly shardIndexes: number;
  /** Requests of indexes of minishards. */
  readonly minishardIndexes: number;
  /** Requests of chunks. */
  readonly runs: number;
  /** Number of shards that were requested. */
  readonly shards: number;
  /** Number of their minishards, without empty ones. */
  readonly minishards: number;
  /** Whether any part was requested twice. */
  readonly isRepeated: boolean;
}

/** Arrays of complete shards: bits of the number of a minishard, and whether indexes are packed with gzip. */
export const shardedArrays: readonly (readonly [name: string, minishardBits: number, isGzip: boolean])[] = [
  ["precomputed/sharded_defaults/s0", 0, false],
  ["precomputed/sharded_identity_raw/s0", 1, false],
  ["precomputed/sharded_missing/s0", 1, false],
  ["precomputed/sharded_murmur_gzip_cseg/s0", 2, true],
];

/** Whether each index was requested once, and all chunks of a shard, which are adjacent in the fixtures, at once. */
export function isFewest(asked: ShardRequests): boolean {
  const { shards, minishards, shardIndexes, minishardIndexes, runs, isRepeated } = asked;
  return (
    shards > 0 && shardIndexes === shards && minishardIndexes === minishards && runs === shards && !isRepeated
  );
}

/** Classifies the requests for the shards of an array, by what an independent reader finds in the files. */
export function sortShardRequests(
  requests: readonly PartRequest[],
  minishardBits: number,
  isGzip: boolean,
): ShardRequests {
  const parts = requests.flatMap(({ file, range }) => (range === undefined ? [] : [{ file, range }]));
  const files = new Set(parts.map(({ file }) => file).filter((file) => /\.shard$/.test(file)));
  const indexBytes = 16 * 2 ** minishardBits;
  const indexes = new Set<string>();
  let minishards = 0;
  for (const file of files) {
    const bytes = new Uint8Array(readFileSync(blocksFolder + file));
    minishards += readShard(bytes, minishardBits, isGzip ? gunzipSync : (index) => index).minishards.filter(
      (ids) => ids.length > 0,
    ).length;
    const view = new DataView(bytes.buffer);
    for (let at = 0; at < indexBytes; at += 16) {
      const [start, end] = [view.getBigUint64(at, true), view.getBigUint64(at + 8, true)];
      if (start < end) indexes.add(`${file} ${indexBytes + Number(start)}`);
    }
  }
  const isShardIndex = ({ range }: (typeof parts)[number]): boolean => range[0] < indexBytes;
  const isIndex = ({ file, range }: (typeof parts)[number]): boolean => indexes.has(`${file} ${range[0]}`);
  return {
    shardIndexes: parts.filter(isShardIndex).length,
    minishardIndexes: parts.filter((part) => !isShardIndex(part) && isIndex(part)).length,
    runs: parts.filter((part) => !isShardIndex(part) && !isIndex(part)).length,
    shards: files.size,
    minishards,
    isRepeated: new Set(parts.map(({ file, range }) => `${file} ${range.join()}`)).size < parts.length,
  };
}
