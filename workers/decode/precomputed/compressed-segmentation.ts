/**
 * Decodes Neuroglancer's compressed_segmentation. The volume is cut into small blocks. Each block has a table of its
 * values and, for each voxel, an index into the table of 0 to 32 bits. All offsets count words of 32 bits. The format
 * has no checksum.
 */

import { DecodeFailure } from "../../../src/errors.js";
import type { Triple } from "../../../src/space/axis-order.js";
import type { Voxels } from "../../../src/space/data-type.js";
import { foreignContent } from "../foreign-bytes.js";

/** What the bytes of a chunk do not tell. Triples are x, y, z of the volume. */
export interface SegmentationLayout {
  readonly dataType: "uint32" | "uint64";
  /** Extent of the chunk. */
  readonly extent: Triple;
  /** Extent of its blocks. Blocks at its end may hold fewer voxels, and are padded. */
  readonly blockSize: Triple;
  /** Number of channels in the chunk. */
  readonly channels: number;
  /** The channel that is wanted. */
  readonly channel: number;
}

/** The voxels of a channel, x fastest. Throws a `DecodeFailure` if an offset leads out of the chunk. */
export function decodeCompressedSegmentation(
  bytes: Uint8Array,
  { dataType, extent, blockSize, channels, channel }: SegmentationLayout,
): Voxels {
  const words = wordsOf(bytes);
  const [width, height, depth] = extent;
  const [blockWidth, blockHeight, blockDepth] = blockSize;
  const across = Math.ceil(width / blockWidth);
  const down = Math.ceil(height / blockHeight);
  const headerWords = 2 * across * down * Math.ceil(depth / blockDepth);
  const start = words[channel] ?? 0;
  if (words.length <= channel || start < channels || start + headerWords > words.length)
    throw damaged(bytes, "the headers of its blocks lie outside of it");

  const step = dataType === "uint64" ? 2 : 1;
  const voxels = new Uint32Array(step * width * height * depth);
  let header = start;
  for (let z = 0; z < depth; z += blockDepth) {
    const endZ = Math.min(z + blockDepth, depth);
    for (let y = 0; y < height; y += blockHeight) {
      const endY = Math.min(y + blockHeight, height);
      for (let x = 0; x < width; x += blockWidth, header += 2) {
        const endX = Math.min(x + blockWidth, width);
        const first = words[header] as number;
        const bits = first >>> 24;
        const table = start + (first & 0xffffff);
        const entries = Math.floor((words.length - table) / step);
        // With 0 bits, all voxels have the first value and the words at `places` are unused. Any existing place will
        // do.
        const places = bits === 0 ? table : start + (words[header + 1] as number);
        const lastBit = bits * (endX - x - 1 + blockWidth * (endY - y - 1 + blockHeight * (endZ - z - 1)));
        if (!isWidth(bits)) throw damaged(bytes, `one of its blocks has ${bits} bits a voxel`);
        if (entries < 1 || places + Math.floor(lastBit / 32) >= words.length)
          throw damaged(bytes, "it ends before the voxels of one of its blocks");
        const mask = bits === 32 ? -1 : (1 << bits) - 1;
        for (let blockZ = z; blockZ < endZ; blockZ++) {
          for (let blockY = y; blockY < endY; blockY++) {
            const rowBit = bits * blockWidth * (blockY - y + blockHeight * (blockZ - z));
            const row = places + Math.floor(rowBit / 32);
            let bit = rowBit % 32;
            let to = step * (x + width * (blockY + height * blockZ));
            for (const end = to + step * (endX - x); to < end; to += step, bit += bits) {
              const entry = ((words[row + (bit >> 5)] as number) >>> (bit & 31)) & mask;
              if (entry >>> 0 >= entries)
                throw damaged(bytes, "it ends before the values of one of its blocks");
              const from = table + step * entry;
              voxels[to] = words[from] as number;
              if (step === 2) voxels[to + 1] = words[from + 1] as number;
            }
          }
        }
      }
    }
  }
  return step === 2 ? new BigUint64Array(voxels.buffer) : voxels;
}

function isWidth(bits: number): boolean {
  return bits <= 32 && (bits & (bits - 1)) === 0;
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  const { buffer, byteOffset, length } = bytes;
  if (length % 4 !== 0) throw damaged(bytes, `its ${length} bytes are no whole words of four`);
  return byteOffset % 4 === 0
    ? new Uint32Array(buffer, byteOffset, length / 4)
    : new Uint32Array(new Uint8Array(bytes).buffer);
}

function damaged(bytes: Uint8Array, what: string): DecodeFailure {
  return (
    foreignContent(bytes) ??
    new DecodeFailure("corrupt-image", `the compressed_segmentation chunk is damaged: ${what}`)
  );
}
