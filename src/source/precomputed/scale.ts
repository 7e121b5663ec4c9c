import type { PrecomputedEncoding } from "../../../workers/protocol.js";
import type { Triple } from "../../space/axis-order.js";
import { bytesPerVoxel } from "../../space/data-type.js";
import { fitsMemory } from "../block-memory.js";
import { encodingOf } from "./encoding.js";
import { infoFault, isCount, isJsonObject, isLength, type JsonObject, tripleOf } from "./info-values.js";
import { type Sharding, shardingOf } from "./shard/sharding.js";
import type { VolumeInfo } from "./volume-info.js";

/** One resolution of a volume. Triples are x, y, z **of the volume**, in voxels of the scale. */
export interface Scale {
  /** Path of its folder, relative to the folder of the `info`. */
  readonly key: string;
  /** Extent of a voxel in nm; `undefined` where the `info` does not say. */
  readonly resolution: Triple | undefined;
  /** Extent of the volume. */
  readonly size: Triple;
  /** The volume's first voxel; may be negative. Chunks are cut from there, and their names count from there. */
  readonly voxelOffset: Triple;
  /** Extent of a chunk. The chunks at the volume's end are cut short. */
  readonly chunkSize: Triple;
  /** How chunks are encoded. */
  readonly encoding: PrecomputedEncoding;
  /** How chunks are put into shards; `undefined` if each chunk is a file. */
  readonly sharding: Sharding | undefined;
}

/** Reads a scale. @throws UnsupportedMirrorError if it cannot be read or makes no sense. */
export function scaleOf(
  json: unknown,
  { dataType, channels }: Pick<VolumeInfo, "dataType" | "channels">,
  where: string,
): Scale {
  if (!isJsonObject(json)) throw infoFault(where, "the content", json, "it must be an object");
  const size = needed(json, "size", isCount, "three counts of voxels", where);
  const chunkSize = firstChunkSize(json, where);
  if (!fitsMemory(size, chunkSize, channels * bytesPerVoxel(dataType))) {
    throw infoFault(where, "the chunk_sizes", json["chunk_sizes"], "such chunks are too large to be read");
  }
  const isWhole = Number.isSafeInteger;
  return {
    key: keyOf(json, where),
    resolution: optional(json, "resolution", isLength, "three lengths in nm", where),
    size,
    voxelOffset: optional(json, "voxel_offset", isWhole, "three whole numbers", where) ?? [0, 0, 0],
    chunkSize,
    encoding: encodingOf(json, dataType, channels, where),
    sharding: shardingOf(json, gridOf(size, chunkSize), where),
  };
}

function gridOf(size: Triple, chunkSize: Triple): Triple {
  const along = (axis: 0 | 1 | 2): number => Math.ceil(size[axis] / chunkSize[axis]);
  return [along(0), along(1), along(2)];
}

function keyOf(json: JsonObject, where: string): string {
  const { key } = json;
  // Half a surrogate pair cannot be in a URL.
  if (typeof key === "string" && !/\p{Surrogate}/u.test(key)) return key;
  throw infoFault(where, "the key", key, "it must be the path of a folder");
}

/** A scale may have chunks of several shapes. Each set of chunks holds all voxels, so the first one will do. */
function firstChunkSize(json: JsonObject, where: string): Triple {
  const sizes: unknown = json["chunk_sizes"];
  const first = Array.isArray(sizes) ? tripleOf(sizes[0], isCount) : undefined;
  if (first !== undefined) return first;
  throw infoFault(where, "the chunk_sizes", sizes, "they must be lists of three counts of voxels");
}

function optional(
  json: JsonObject,
  name: string,
  passes: (part: unknown) => boolean,
  wanted: string,
  where: string,
): Triple | undefined {
  return json[name] === undefined ? undefined : needed(json, name, passes, wanted, where);
}

function needed(
  json: JsonObject,
  name: string,
  passes: (part: unknown) => boolean,
  wanted: string,
  where: string,
): Triple {
  const found = tripleOf(json[name], passes);
  if (found !== undefined) return found;
  throw infoFault(where, `the ${name}`, json[name], `it must be ${wanted}`);
}
