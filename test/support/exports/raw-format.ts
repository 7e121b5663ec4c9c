import { DecodeFailure } from "../../../src/errors.js";
import type { ChunkFormat, LevelInfo } from "../../../src/out/chunked/chunk-format.js";
import { littleEndianBytes } from "../../../src/out/little-endian.js";
import type { OutCompression } from "../../../src/out/packing/pack.js";
import type { VolumeBlock, VolumeInfo } from "../../../src/out/volume-writer.js";
import type { Triple } from "../../../src/space/axis-order.js";
import type { Bytes } from "../../../src/space/bytes.js";
import { createVoxels } from "../../../src/space/data-type.js";

/** Options of the raw format. */
export interface RawFormatOptions {
  readonly chunk?: Triple;
  readonly compression?: OutCompression;
  /** Extents of the files of the levels after the first. Default: those of the first. */
  readonly levelChunks?: readonly Triple[];
}

/** The smallest possible format: bare voxels, clipped, in a file for each chunk, and a text that describes them. */
export function rawFormat(options: RawFormatOptions = {}): ChunkFormat {
  const { chunk = [4, 4, 4], compression = { kind: "none" }, levelChunks = [] } = options;
  return {
    name: "test",
    options: { chunk, compression },
    unitShape: chunk,
    compression,
    layOut: (info, levels) => ({
      levels: levels.map(({ shape }, index) => {
        const unitShape = index === 0 ? chunk : (levelChunks[index - 1] ?? chunk);
        return {
          shape,
          unitShape,
          path: (at) => `${index}/${at.join(".")}`,
          encode: (_at, { data }, pack) => pack(littleEndianBytes(data), compression),
          decode: (at, bytes) => decoded(info, clipped(shape, unitShape, at), compression, bytes),
        };
      }),
      metadata: (fills) => [metadataFile(info, levels, fills)],
    }),
  };
}

function clipped(shape: Triple, unit: Triple, at: Triple): Triple {
  const along = (axis: 0 | 1 | 2): number => Math.min(unit[axis], shape[axis] - at[axis] * unit[axis]);
  return [along(0), along(1), along(2)];
}

async function decoded(
  { dataType }: VolumeInfo,
  shape: Triple,
  compression: OutCompression,
  bytes: Bytes,
): Promise<VolumeBlock> {
  const plain = compression.kind === "none" ? bytes : await inflated(bytes);
  const data = createVoxels(dataType, shape[0] * shape[1] * shape[2]);
  if (plain.length !== data.byteLength) throw new DecodeFailure("wrong-size", `${plain.length} bytes`);
  new Uint8Array(data.buffer).set(plain);
  return { data, shape };
}

async function inflated(bytes: Bytes): Promise<Bytes> {
  const plain = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
  return new Uint8Array(await new Response(plain.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
}

function metadataFile(
  info: VolumeInfo,
  levels: readonly LevelInfo[],
  fills: Readonly<Record<string, number>>,
) {
  const text = JSON.stringify({ info, levels, fills }, (_, value) =>
    typeof value === "bigint" ? String(value) : value,
  );
  return { path: "volume.json", bytes: new TextEncoder().encode(text) };
}
