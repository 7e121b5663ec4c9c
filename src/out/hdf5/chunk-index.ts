import type { Triple } from "../../space/axis-order.js";
import type { Bytes } from "../../space/bytes.js";

/** Chunks of a dataset that are in a file, in C order of their grid. */
export interface StoredChunks {
  /** Numbers of chunks per axis. */
  readonly grid: Triple;
  /** Extent of a chunk in voxels. */
  readonly chunkShape: Triple;
  /** Position of each chunk in the file. */
  readonly addresses: Float64Array;
  /** Stored bytes of each chunk. */
  readonly lengths: Uint32Array;
}

/** The nodes of a level of the index, and where they are in the file. */
export interface IndexPart {
  readonly at: number;
  readonly bytes: Bytes;
}

// The sizes of a version 1 B-tree of chunks if the superblock does not set others: a node has up to 2 × 32 children, and a
// key has a position along three axes and within the element.
const mostChildren = 64;
const headBytes = 24;
const keyBytes = 4 + 4 + 4 * 8;
const addressBytes = 8;
const nodeBytes = headBytes + mostChildren * addressBytes + (mostChildren + 1) * keyBytes;
const nowhere = 0xffff_ffff_ffff_ffffn;

/** The index by which HDF5 finds chunks: a version 1 B-tree that begins at `at`, with its leaves first and its root last. */
export function chunkIndex(
  chunks: StoredChunks,
  at: number,
): { parts: IndexPart[]; root: number; end: number } {
  const parts: IndexPart[] = [];
  let children: Children = {
    count: chunks.lengths.length,
    addressOf: (i) => chunks.addresses[i] as number,
    firstChunkOf: (i) => i,
  };
  let end = at;
  for (let level = 0; ; level++) {
    const nodes = Math.ceil(children.count / mostChildren);
    parts.push({ at: end, bytes: levelBytes(chunks, children, level, nodes, end) });
    const start = end;
    end += nodes * nodeBytes;
    if (nodes === 1) return { parts, root: start, end };
    const below = children;
    children = {
      count: nodes,
      addressOf: (i) => start + i * nodeBytes,
      firstChunkOf: (i) => below.firstChunkOf(i * mostChildren),
    };
  }
}

/** What the nodes of a level point to. */
interface Children {
  readonly count: number;
  addressOf(i: number): number;
  /** The first chunk below a child. */
  firstChunkOf(i: number): number;
}

function levelBytes(
  chunks: StoredChunks,
  children: Children,
  level: number,
  nodes: number,
  at: number,
): Bytes {
  const bytes = new Uint8Array(nodes * nodeBytes);
  const view = new DataView(bytes.buffer);
  for (let node = 0; node < nodes; node++) {
    const from = node * nodeBytes;
    const first = node * mostChildren;
    const last = Math.min(first + mostChildren, children.count);
    view.setUint32(from, 0x5452_4545); // "TREE"
    view.setUint8(from + 4, 1); // of chunks
    view.setUint8(from + 5, level);
    view.setUint16(from + 6, last - first, true);
    view.setBigUint64(from + 8, node === 0 ? nowhere : BigInt(at + from - nodeBytes), true);
    view.setBigUint64(from + 16, node === nodes - 1 ? nowhere : BigInt(at + from + nodeBytes), true);
    let place = from + headBytes;
    for (let child = first; child < last; child++) {
      writeKey(view, place, chunks, children.firstChunkOf(child));
      view.setBigUint64(place + keyBytes, BigInt(children.addressOf(child)), true);
      place += keyBytes + addressBytes;
    }
    // A node ends with the key of the next node's first chunk; the last node, with a key past the last chunk.
    writeKey(
      view,
      place,
      chunks,
      last === children.count ? chunks.lengths.length : children.firstChunkOf(last),
    );
  }
  return bytes;
}

/** Writes the key of a chunk: its length, its filter mask (0: no filter is skipped) and the position of its first voxel. */
function writeKey(
  view: DataView,
  at: number,
  { grid, chunkShape, lengths }: StoredChunks,
  chunk: number,
): void {
  view.setUint32(at, lengths[chunk] ?? 0, true);
  const row = Math.floor(chunk / grid[2]);
  const place = [Math.floor(row / grid[1]), row % grid[1], chunk % grid[2]] as const;
  place.forEach((index, axis) => {
    view.setBigUint64(at + 8 + axis * 8, BigInt(index * (chunkShape[axis] as number)), true);
  });
}
