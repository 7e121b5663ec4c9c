import type { Triple } from "../../space/axis-order.js";
import type { DatasetLevel } from "../chunked/chunk-format.js";
import { extentOf, unitBox } from "../chunked/unit-grid.js";
import type { ZarrArray } from "./zarr-array.js";
import { decodeChunk, encodeChunk } from "./zarr-chunk.js";
import { decodeShard, encodeShard } from "./zarr-shard.js";

/** An array as the level of a dataset, of files of `unitShape` where it is large enough for one. */
export function zarrLevel(array: ZarrArray, unitShape: Triple, path: DatasetLevel["path"]): DatasetLevel {
  const { shape, shardShape } = array;
  return {
    shape,
    unitShape,
    path,
    encode: (_, block, pack) =>
      shardShape === undefined
        ? encodeChunk(array, block, pack)
        : encodeShard(array, shardShape, block, pack),
    decode: (at, bytes) => {
      const extent = extentOf(unitBox({ shape, unitShape }, at));
      return shardShape === undefined
        ? decodeChunk(array, bytes, extent)
        : decodeShard(array, shardShape, bytes, extent);
    },
  };
}
