import { readdirSync, readFileSync } from "node:fs";
import type { Triple } from "../../src/space/axis-order.js";
import type { DataType } from "../../src/space/data-type.js";
import type { N5Codec, N5Compression } from "../../workers/protocol.js";

const folder = "test/fixtures/blocks";

interface Attributes {
  /** All of them x, y, z. */
  readonly dimensions: Triple;
  readonly blockSize: Triple;
  readonly dataType: DataType;
  readonly compression: { readonly type: string; readonly useZlib?: boolean };
}

/** One of the N5 arrays of `make-n5-fixtures.py`. */
export interface N5Fixture {
  readonly name: string;
  /** Extent, z, y, x. */
  readonly shape: Triple;
  /** Extent of a block, z, y, x. */
  readonly blockShape: Triple;
  readonly codec: N5Codec;
  /** SHA-256 of the voxels, z slowest. */
  readonly sha256: string;
  /** The blocks that there are, and where each begins, z, y, x. */
  readonly blocks: readonly { readonly file: Uint8Array; readonly origin: Triple }[];
}

const manifest: Readonly<Record<string, { readonly sha256_zyx_little_endian: string }>> = JSON.parse(
  readFileSync(`${folder}/manifest.json`, "utf8"),
);

/** All of them. */
export const n5Fixtures: readonly N5Fixture[] = Object.entries(manifest)
  .filter(([name]) => name.startsWith("n5_"))
  .map(([name, { sha256_zyx_little_endian: sha256 }]) => {
    const { dimensions, blockSize, dataType, compression }: Attributes = JSON.parse(
      readFileSync(`${folder}/${name}/attributes.json`, "utf8"),
    );
    const blockShape = reversed(blockSize);
    return {
      name,
      sha256,
      shape: reversed(dimensions),
      blockShape,
      codec: { kind: "n5", dataType, compression: compressionOf(compression), axes: [2, 1, 0], rank: 3 },
      blocks: readdirSync(`${folder}/${name}`, { recursive: true, encoding: "utf8" })
        .filter((path) => /^\d+\/\d+\/\d+$/.test(path))
        .map((path) => {
          const [x, y, z] = path.split("/").map(Number) as [number, number, number];
          const origin: Triple = [z * blockShape[0], y * blockShape[1], x * blockShape[2]];
          return { file: new Uint8Array(readFileSync(`${folder}/${name}/${path}`)), origin };
        }),
    };
  });

function compressionOf({ type, useZlib }: Attributes["compression"]): N5Compression {
  return type === "gzip" && useZlib === true ? "zlib" : (type as N5Compression);
}

function reversed([x, y, z]: Triple): Triple {
  return [z, y, x];
}
