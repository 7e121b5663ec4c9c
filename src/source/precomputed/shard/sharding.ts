import type { Triple } from "../../../space/axis-order.js";
import { MortonCode } from "../../../space/morton-code.js";
import { infoFault, isJsonObject, type JsonObject } from "../info-values.js";

/** How the chunks of a scale are put into shards. */
export interface Sharding {
  /** The lowest bits of a chunk's id, which are ignored so that neighbouring chunks stay together. */
  readonly preshiftBits: number;
  /** The hash of the rest of the id. */
  readonly hash: "identity" | "murmurhash3_x86_128";
  /** Bits of the hash that name the minishard. */
  readonly minishardBits: number;
  /** The next bits of the hash, which name the shard. */
  readonly shardBits: number;
  /** Whether indexes of minishards are packed with gzip. */
  readonly gzipsIndex: boolean;
  /** Whether chunks are packed with gzip. */
  readonly gzipsData: boolean;
  /** Computes the ids of chunks. */
  readonly ids: MortonCode;
}

/**
 * The `sharding` of a scale, if it has one.
 *
 * @throws UnsupportedMirrorError if it is of an unknown kind or makes no sense.
 */
export function shardingOf(scale: JsonObject, grid: Triple, where: string): Sharding | undefined {
  const { sharding } = scale;
  if (sharding === undefined || sharding === null) return undefined;
  if (!isJsonObject(sharding)) throw infoFault(where, "the sharding", sharding, "it must be an object");
  const type: unknown = sharding["@type"];
  if (type !== "neuroglancer_uint64_sharded_v1") {
    throw infoFault(where, "sharding of @type", type, "only neuroglancer_uint64_sharded_v1 is read");
  }
  const minishardBits = bits(sharding, "minishard_bits", 32, where);
  const ids = new MortonCode(grid);
  if (ids.bits > 64) throw infoFault(where, "a grid of chunks", grid, "its numbers take more than 64 bits");
  return {
    preshiftBits: bits(sharding, "preshift_bits", 64, where),
    hash: oneOf(sharding, "hash", ["identity", "murmurhash3_x86_128"], where),
    minishardBits,
    shardBits: bits(sharding, "shard_bits", 64 - minishardBits, where),
    gzipsIndex: oneOf(sharding, "minishard_index_encoding", ["raw", "gzip"], where, "raw") === "gzip",
    gzipsData: oneOf(sharding, "data_encoding", ["raw", "gzip"], where, "raw") === "gzip",
    ids,
  };
}

function bits(sharding: JsonObject, name: string, most: number, where: string): number {
  const value: unknown = sharding[name];
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most) return value as number;
  throw infoFault(where, `sharding with ${name}`, value, `it must be a whole number from 0 to ${most}`);
}

function oneOf<T extends string>(
  sharding: JsonObject,
  name: string,
  known: readonly T[],
  where: string,
  absent?: T,
): T {
  const value: unknown = sharding[name] ?? absent;
  const found = known.find((candidate) => candidate === value);
  if (found === undefined)
    throw infoFault(where, `sharding with ${name}`, value, `only ${known.join(" and ")} are read`);
  return found;
}
