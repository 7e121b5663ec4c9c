import { InvalidOptionError } from "../../src/errors.js";
import type { Triple } from "../../src/space/axis-order.js";

/** Limit for the place of a table of values, in words: a block's header has 24 bits for it. */
const mostTableWords = 2 ** 24;

/**
 * Encodes labels as Neuroglancer's `compressed_segmentation`, one channel. Each block has a table of its labels,
 * ascending, and for each voxel its index in the table, in as few bits as possible. Equal tables are written once.
 *
 * @param labels - x fastest, then y and z.
 * @param extent - Extent of the chunk: x, y, z.
 * @param blockSize - Extent of the blocks that it is cut into: x, y, z.
 * @throws InvalidOptionError for a chunk with more tables than the format can point to.
 */
export function encodeCompressedSegmentation(
  labels: Uint32Array | BigUint64Array,
  extent: Triple,
  blockSize: Triple,
): Uint8Array<ArrayBuffer> {
  const grid = extent.map((side, axis) => Math.ceil(side / (blockSize[axis] as number))) as unknown as Triple;
  // Each block has a header of two words. The places in it count from the first header.
  const words: number[] = new Array(2 * grid[0] * grid[1] * grid[2]).fill(0);
  const tables = new Map<string, number>();
  let header = 0;
  for (let z = 0; z < extent[2]; z += blockSize[2]) {
    for (let y = 0; y < extent[1]; y += blockSize[1]) {
      for (let x = 0; x < extent[0]; x += blockSize[0], header += 2) {
        const { table, indices } = indexBlock(labels, extent, blockSize, [x, y, z]);
        const bits = bitsFor(table.length);
        const indicesAt = words.length;
        pushPacked(words, indices, bits);
        const key = table.join();
        const tableAt = tables.get(key) ?? words.length;
        if (tableAt === words.length) for (const label of table) pushLabel(words, label);
        if (tableAt >= mostTableWords)
          throw new InvalidOptionError(
            `a chunk of ${extent.join(" × ")} labels is too large for compressed_segmentation: take smaller chunks`,
          );
        tables.set(key, tableAt);
        words[header] = tableAt | (bits << 24);
        words[header + 1] = indicesAt;
      }
    }
  }
  return littleEndianWords([1, ...words]);
}

/** The labels of a block, ascending, and the index of each voxel's label. Voxels beyond the chunk have the first. */
function indexBlock(
  labels: Uint32Array | BigUint64Array,
  extent: Triple,
  blockSize: Triple,
  [left, top, front]: Triple,
): { readonly table: readonly (number | bigint)[]; readonly indices: Uint32Array } {
  const [width, height, depth] = blockSize;
  const clipped = (first: number, side: number, axis: 0 | 1 | 2) => Math.min(side, extent[axis] - first);
  const eachRow = (visit: (from: number, to: number, length: number) => void) => {
    for (let z = 0; z < clipped(front, depth, 2); z++) {
      for (let y = 0; y < clipped(top, height, 1); y++) {
        const from = left + extent[0] * (top + y + extent[1] * (front + z));
        visit(from, width * (y + height * z), clipped(left, width, 0));
      }
    }
  };
  const found = new Set<number | bigint>();
  eachRow((from, _to, length) => {
    for (let i = from; i < from + length; i++) found.add(labels[i] as number | bigint);
  });
  const table = [...found].sort((a, b) => (a < b ? -1 : 1));
  const indices = new Uint32Array(width * height * depth);
  if (table.length > 1) {
    const indexOf = new Map(table.map((label, index) => [label, index]));
    eachRow((from, to, length) => {
      for (let i = 0; i < length; i++)
        indices[to + i] = indexOf.get(labels[from + i] as number | bigint) as number;
    });
  }
  return { table, indices };
}

/** The fewest bits of the format that can tell so many labels apart. */
function bitsFor(labels: number): number {
  return [0, 1, 2, 4, 8, 16].find((bits) => 2 ** bits >= labels) ?? 32;
}

/** Appends numbers of `bits` bits each. The first is in the lowest bits of the first word. */
function pushPacked(words: number[], numbers: Uint32Array, bits: number): void {
  const perWord = bits === 0 ? numbers.length : 32 / bits;
  for (let first = 0; bits > 0 && first < numbers.length; first += perWord) {
    let word = 0;
    for (let i = 0; i < perWord; i++) word |= (numbers[first + i] ?? 0) << (i * bits);
    words.push(word);
  }
}

function pushLabel(words: number[], label: number | bigint): void {
  if (typeof label === "number") words.push(label);
  else words.push(Number(label & 0xffffffffn), Number(label >> 32n));
}

function littleEndianWords(words: readonly number[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4 * words.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < words.length; i++) view.setUint32(4 * i, words[i] as number, true);
  return bytes;
}
