import type { Triple } from "../../space/axis-order.js";
import type { DatasetLevel } from "../chunked/chunk-format.js";
import { SpareMemory } from "../chunked/spare-memory.js";
import { extentOf, unitBox } from "../chunked/unit-grid.js";
import type { ZarrArray } from "./zarr-array.js";
import { decodeChunk, encodeChunk } from "./zarr-chunk.js";
import { decodeShard, encodeShard } from "./zarr-shard.js";

/** An array as a level of a dataset. A file holds `unitShape` voxels, or fewer if the array is smaller. */
export function zarrLevel(array: ZarrArray, unitShape: Triple, path: DatasetLevel["path"]): DatasetLevel {
  const { shape, shardShape } = array;
  const grid = { shape, unitShape };
  const extentAt = (at: Triple): Triple => extentOf(unitBox(grid, at));
  if (shardShape === undefined) {
    return {
      ...grid,
      path,
      encode: (_, block, pack) => encodeChunk(array, block, pack),
      decode: (at, bytes) => decodeChunk(array, bytes, extentAt(at)),
    };
  }
  const memory = new SpareMemory();
  return {
    ...grid,
    path,
    encode: (_, block, pack) => encodeShard(array, shardShape, block, pack, memory),
    free: ({ buffer }) => memory.give(buffer),
    decode: (at, bytes) => decodeShard(array, shardShape, bytes, extentAt(at)),
  };
}
