import type { WriterTools } from "../../../src/out/packing/pack.js";
import type {
  VolumeBlock,
  VolumeBox,
  VolumeInfo,
  VolumeReport,
  VolumeWriter,
} from "../../../src/out/volume-writer.js";
import type { Triple } from "../../../src/space/axis-order.js";
import type { Bytes } from "../../../src/space/bytes.js";
import { bytesPerVoxel, createVoxels, type DataType } from "../../../src/space/data-type.js";
import { blockOf, boxesOf, countingVolume } from "../model/volume-boxes.js";

/** The voxels of a volume as bytes, lowest first. Each byte differs from the next, and from those of its neighbours. */
export function countingBytes(dataType: DataType, shape: Triple): Uint8Array<ArrayBuffer> {
  return countingVolume(inBytes(shape, dataType));
}

/** How a volume is passed to a writer. */
export interface WritingOptions {
  /** Shape of the boxes, if the writer asks for none. */
  readonly chunk?: Triple;
  /** Numbers that determine the order of the boxes. */
  readonly shuffle?: readonly number[];
  readonly report?: VolumeReport;
}

/** Passes a volume to a writer as a fetch does. Blocks are views into longer memory, as in a fetch. */
export async function writeVolume(
  writer: VolumeWriter,
  info: VolumeInfo,
  bytes: Uint8Array,
  { chunk = [5, 7, 11], shuffle = [7, 1, 200, 4], report = emptyReport }: WritingOptions = {},
): Promise<void> {
  await writer.begin?.(info, writerTools);
  const wanted = (writer.chunkShape ?? chunk) as Triple;
  for (const box of boxesOf(info.shape, wanted, shuffle)) await writer.write(box, viewOf(info, bytes, box));
  await writer.flush?.(report);
}

/** The report of a fetch without any problem. */
export const emptyReport: VolumeReport = {
  blocks: { planned: 1, fetched: 1, cached: 0, filled: 0, empty: 0 },
  filled: [],
  replaced: [],
  outside: 0,
};

/** The tools that a fetch gives its writer, made of what browsers and Node have. */
export const writerTools: WriterTools = {
  signal: new AbortController().signal,
  async pack(bytes, format) {
    const stream = new Blob([bytes])
      .stream()
      .pipeThrough(new CompressionStream(format === "zlib" ? "deflate" : format));
    return new Uint8Array(await new Response(stream).arrayBuffer()) as Bytes;
  },
};

/** The voxels of a box, in memory that is longer on both sides. */
export function viewOf({ shape, dataType }: VolumeInfo, bytes: Uint8Array, box: VolumeBox): VolumeBlock {
  const block = blockOf(bytes, inBytes(shape, dataType), {
    lower: inBytes(box.lower, dataType),
    upper: inBytes(box.upper, dataType),
  });
  const margin = 3;
  const voxels = block.data.length / bytesPerVoxel(dataType);
  const memory = createVoxels(dataType, voxels + 2 * margin);
  new Uint8Array(memory.buffer).fill(0xee).set(block.data, margin * bytesPerVoxel(dataType));
  const [slow, middle, fast] = block.shape;
  // The compiler sees bytes; the type may be any.
  const data = (memory as Bytes).subarray(margin, margin + voxels);
  return { data, shape: [slow, middle, fast / bytesPerVoxel(dataType)] };
}

function inBytes([slow, middle, fast]: Triple, dataType: DataType): Triple {
  return [slow, middle, fast * bytesPerVoxel(dataType)];
}
