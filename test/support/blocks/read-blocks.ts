import { gunzipSync } from "fflate";

/** Readers of blocks that share no code with the library or the writers of the files. Axes are x, y, z, x fastest. */

/** A block. Voxels of 64 bits are bigints, all others are numbers. */
export interface ReadBlock {
  readonly extent: readonly number[];
  readonly voxels: readonly (number | bigint)[];
}

const readers = {
  uint8: (view: DataView, at: number) => view.getUint8(at),
  int8: (view: DataView, at: number) => view.getInt8(at),
  uint16: (view: DataView, at: number, little: boolean) => view.getUint16(at, little),
  int16: (view: DataView, at: number, little: boolean) => view.getInt16(at, little),
  uint32: (view: DataView, at: number, little: boolean) => view.getUint32(at, little),
  int32: (view: DataView, at: number, little: boolean) => view.getInt32(at, little),
  uint64: (view: DataView, at: number, little: boolean) => view.getBigUint64(at, little),
  int64: (view: DataView, at: number, little: boolean) => view.getBigInt64(at, little),
  float32: (view: DataView, at: number, little: boolean) => view.getFloat32(at, little),
  float64: (view: DataView, at: number, little: boolean) => view.getFloat64(at, little),
} as const;

/** Name of a number type. It ends in the number of bits. */
export type NumberType = keyof typeof readers;

/** Reads bytes as numbers, one by one. */
export function readNumbers(
  bytes: Uint8Array,
  type: NumberType,
  order: "big-endian" | "little-endian",
): (number | bigint)[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = Number(/\d+$/.exec(type)) / 8;
  return Array.from({ length: bytes.length / size }, (_, i) =>
    readers[type](view, size * i, order === "little-endian"),
  );
}

/** Reads a plain block of an N5 dataset. */
export function readN5Block(file: Uint8Array, type: NumberType, isGzip: boolean): ReadBlock {
  const header = new DataView(file.buffer, file.byteOffset);
  if (header.getUint16(0) !== 0 || header.getUint16(2) !== 3) throw new Error("no plain block of 3 axes");
  const extent = [header.getUint32(4), header.getUint32(8), header.getUint32(12)];
  const body = isGzip ? gunzipSync(file.subarray(16)) : file.subarray(16);
  return { extent, voxels: readNumbers(body, type, "big-endian") };
}

/** Reads a channel of labels (uint64 or uint32) in `compressed_segmentation`, voxel by voxel, as its description says. */
export function readCompressedSegmentation(
  file: Uint8Array,
  extent: readonly [number, number, number],
  blockSize: readonly [number, number, number],
  wordsPerLabel: 1 | 2,
): (number | bigint)[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const channel = view.getUint32(0, true);
  const word = (index: number) => view.getUint32(4 * (channel + index), true);
  const [columns, rows] = [Math.ceil(extent[0] / blockSize[0]), Math.ceil(extent[1] / blockSize[1])];
  const voxels: (number | bigint)[] = [];
  for (let z = 0; z < extent[2]; z++) {
    for (let y = 0; y < extent[1]; y++) {
      for (let x = 0; x < extent[0]; x++) {
        const [column, row, layer] = [x, y, z].map((at, i) => Math.floor(at / (blockSize[i] ?? 1)));
        const block = (column ?? 0) + columns * ((row ?? 0) + rows * (layer ?? 0));
        const [head, valuesAt] = [word(2 * block), word(2 * block + 1)];
        const bits = head >>> 24;
        const place =
          (x % blockSize[0]) + blockSize[0] * ((y % blockSize[1]) + blockSize[1] * (z % blockSize[2]));
        const [from, shift] = [Math.floor((place * bits) / 32), (place * bits) % 32];
        const index =
          bits === 0 ? 0 : Number((BigInt(word(valuesAt + from)) >> BigInt(shift)) % 2n ** BigInt(bits));
        const at = (head & 0xffffff) + index * wordsPerLabel;
        voxels.push(wordsPerLabel === 1 ? word(at) : BigInt(word(at)) + (BigInt(word(at + 1)) << 32n));
      }
    }
  }
  return voxels;
}

/** Reads the chunks of a shard by id, as its indexes list them, and the ids of each minishard. */
export function readShard(
  file: Uint8Array,
  minishardBits: number,
  unpackIndex: (bytes: Uint8Array) => Uint8Array,
): { readonly chunks: Map<bigint, Uint8Array>; readonly minishards: bigint[][] } {
  const chunks = new Map<bigint, Uint8Array>();
  const indexBytes = 16 * 2 ** minishardBits;
  const data = file.subarray(indexBytes);
  const shardIndex = new DataView(file.buffer, file.byteOffset, indexBytes);
  const minishards = Array.from({ length: 2 ** minishardBits }, (_, minishard) => {
    const [start, end] = [0, 8].map((at) => Number(shardIndex.getBigUint64(16 * minishard + at, true)));
    if (start === end) return [];
    const index = unpackIndex(data.slice(start, end));
    const rows = new DataView(index.buffer, index.byteOffset, index.byteLength);
    const count = index.length / 24;
    let [id, at] = [0n, 0];
    return Array.from({ length: count }, (_, i) => {
      id += rows.getBigUint64(8 * i, true);
      at += Number(rows.getBigUint64(8 * (count + i), true));
      const size = Number(rows.getBigUint64(8 * (2 * count + i), true));
      chunks.set(id, data.subarray(at, at + size));
      at += size;
      return id;
    });
  });
  return { chunks, minishards };
}
