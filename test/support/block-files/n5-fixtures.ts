import { readFileSync } from "node:fs";
import type { Triple } from "../../../src/space/axis-order.js";
import type { N5Codec, N5Compression } from "../../../workers/protocol.js";
import { blockFixtures } from "../blocks/block-arrays.js";
import { blockFilesOf } from "./block-fixtures.js";

const folder = "test/fixtures/blocks";

/** An N5 array of `make-n5-fixtures.py`, whose axes are x, y, z. */
export interface N5Fixture {
  readonly name: string;
  /** Extent, z, y, x. */
  readonly shape: Triple;
  /** Extent of a block, z, y, x. */
  readonly blockShape: Triple;
  readonly codec: N5Codec;
  /** SHA-256 of the voxels, z slowest. */
  readonly sha256: string;
  /** The existing blocks, and where each of them begins, z, y, x. */
  readonly blocks: readonly { readonly file: Uint8Array; readonly origin: Triple }[];
}

/** All these arrays. */
export const n5Fixtures: readonly N5Fixture[] = Object.entries(blockFixtures)
  .filter(([name]) => name.startsWith("n5_"))
  .map(([name, { shape_zyx: shape, dtype: dataType, sha256_zyx_little_endian: sha256 }]) => {
    const { blockSize, compression } = JSON.parse(readFileSync(`${folder}/${name}/attributes.json`, "utf8"));
    const blockShape: Triple = [blockSize[2], blockSize[1], blockSize[0]];
    const packed: N5Compression = compression.useZlib === true ? "zlib" : compression.type;
    return {
      ...{ name, shape, sha256, blockShape },
      codec: { kind: "n5", dataType, compression: packed, axes: [2, 1, 0], rank: 3 },
      blocks: blockFilesOf(name).map((path) => {
        const [x, y, z] = path.split("/").map(Number) as [number, number, number];
        const origin: Triple = [z * blockShape[0], y * blockShape[1], x * blockShape[2]];
        return { file: new Uint8Array(readFileSync(`${folder}/${name}/${path}`)), origin };
      }),
    };
  });
