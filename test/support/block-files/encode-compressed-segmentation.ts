import type { Triple } from "../../../src/space/axis-order.js";

/** The labels to encode, and choices that the format leaves to an encoder. Triples are x, y, z. */
export interface Segmentation {
  /** x fastest, then y, z and the channel. */
  readonly data: Uint32Array | BigUint64Array;
  readonly extent: Triple;
  readonly blockSize: Triple;
  /** Default: 1. */
  readonly channels?: number;
  /** The least number of bits per voxel, even if fewer would do. Default: 0. */
  readonly leastBits?: number;
  /** Whether blocks of the same values share a table. Default: true. */
  readonly sharesTables?: boolean;
  /** The words that fill a block where it has no voxels. Default: 0. */
  readonly padding?: number;
}

/** A chunk in compressed_segmentation, written after the published description of the format. */
export function encodeCompressedSegmentation(segmentation: Segmentation): Uint8Array<ArrayBuffer> {
  const { data, extent, channels = 1 } = segmentation;
  const count = extent[0] * extent[1] * extent[2];
  const file: number[] = new Array(channels).fill(0);
  for (let channel = 0; channel < channels; channel++) {
    file[channel] = file.length;
    const words = encodeChannel(data.subarray(channel * count, (channel + 1) * count), segmentation);
    for (const word of words) file.push(word);
  }
  return new Uint8Array(Uint32Array.from(file).buffer);
}

function encodeChannel(
  data: Uint32Array | BigUint64Array,
  { extent, blockSize, leastBits = 0, sharesTables = true, padding = 0 }: Segmentation,
): number[] {
  const blocks = blocksOf(extent, blockSize);
  const words: number[] = new Array(2 * blocks.length).fill(0);
  const tables = new Map<string, number>();
  for (const [number, block] of blocks.entries()) {
    const values: (number | bigint)[] = [];
    const places = block.map(({ at }) => {
      const value = data[at] ?? 0;
      if (!values.includes(value)) values.push(value);
      return values.indexOf(value);
    });
    const bits =
      [0, 1, 2, 4, 8, 16, 32].find((width) => width >= leastBits && 2 ** width >= values.length) ?? 32;
    const packedAt = words.length;
    const packed = new Uint32Array(Math.ceil((bits * blockSize[0] * blockSize[1] * blockSize[2]) / 32));
    packed.fill(padding);
    for (const [i, place] of places.entries()) {
      const bit = bits * (block[i]?.inBlock ?? 0);
      const mask = bits === 32 ? 0xffffffff : 2 ** bits - 1;
      const word = bit >>> 5;
      packed[word] = ((packed[word] ?? 0) & ~(mask << (bit & 31))) | (place << (bit & 31));
    }
    if (bits > 0) for (const word of packed) words.push(word);
    const key = sharesTables ? values.join() : String(number);
    const table = tables.get(key) ?? words.length;
    if (!tables.has(key)) {
      tables.set(key, table);
      for (const value of values) {
        words.push(Number(BigInt(value) & 0xffffffffn));
        if (data instanceof BigUint64Array) words.push(Number(BigInt(value) >> 32n));
      }
    }
    words[2 * number] = table + bits * 2 ** 24;
    words[2 * number + 1] = packedAt;
  }
  return words;
}

/** The voxels of each block: their index in the volume, and in the block. */
function blocksOf(extent: Triple, blockSize: Triple): { at: number; inBlock: number }[][] {
  const blocks: { at: number; inBlock: number }[][] = [];
  const [width, height, depth] = extent;
  const [across, down, deep] = blockSize;
  for (let z0 = 0; z0 < depth; z0 += deep)
    for (let y0 = 0; y0 < height; y0 += down)
      for (let x0 = 0; x0 < width; x0 += across) {
        const block: { at: number; inBlock: number }[] = [];
        for (let z = z0; z < Math.min(z0 + deep, depth); z++)
          for (let y = y0; y < Math.min(y0 + down, height); y++)
            for (let x = x0; x < Math.min(x0 + across, width); x++)
              block.push({
                at: x + width * (y + height * z),
                inBlock: x - x0 + across * (y - y0 + down * (z - z0)),
              });
        blocks.push(block);
      }
  return blocks;
}
