import type { ChunkFormat } from "../../../src/out/chunked/chunk-format.js";
import { ChunkedWriter, type ChunkedWriterOptions } from "../../../src/out/chunked/chunked-writer.js";
import type { FileStore } from "../../../src/out/store/file-store.js";
import type { MemoryStore } from "../../../src/out/store/memory-store.js";
import type { VolumeBlock, VolumeBox, VolumeInfo, VolumeWriter } from "../../../src/out/volume-writer.js";
import type { Triple } from "../../../src/space/axis-order.js";
import { createVoxels, type Voxels } from "../../../src/space/data-type.js";
import { boxesOf } from "../model/volume-boxes.js";
import { volumeInfo } from "./recording-writer.js";
import { emptyReport, writerTools } from "./written-volume.js";

/** What is exported, and how. */
export interface ExportedVolume extends ChunkedWriterOptions {
  readonly store: FileStore;
  readonly format: ChunkFormat;
  /** The voxels, dense. */
  readonly data: Voxels;
  readonly shape: Triple;
  readonly info?: Partial<VolumeInfo>;
  /** Numbers that determine the order of the boxes. */
  readonly shuffle?: readonly number[];
  readonly signal?: AbortSignal;
  /** Returns the causes of fills in a box. */
  readonly filled?: (box: VolumeBox) => readonly string[] | undefined;
  /** Called for each box that is fetched. */
  readonly onFetched?: (box: VolumeBox) => void;
}

/** Hands a volume to a chunked writer as a fetch does. A failure aborts the writer. */
export async function exportVolume(volume: ExportedVolume): Promise<ChunkedWriter> {
  const { store, format, levels, existing, onLevelProgress } = volume;
  const writer = new ChunkedWriter(store, format, {
    ...(levels !== undefined && { levels }),
    ...(existing && { existing }),
    ...(onLevelProgress && { onLevelProgress }),
  });
  await handOver(writer, volume);
  return writer;
}

/** Does the same with any writer, for a single level. */
export async function handOver(
  writer: VolumeWriter,
  { data, shape, info, shuffle = [], signal, filled, onFetched }: Omit<ExportedVolume, "store" | "format">,
): Promise<void> {
  await writer.begin?.(
    volumeInfo(shape, info),
    signal === undefined ? writerTools : { ...writerTools, signal },
  );
  try {
    const boxes = boxesOf(shape, Array.from(writer.chunkShape ?? shape) as unknown as Triple, shuffle);
    const work = async (): Promise<void> => {
      for (let box = boxes.shift(); box !== undefined; box = boxes.shift()) {
        if (await writer.has?.(box)) continue;
        onFetched?.(box);
        const causes = filled?.(box);
        await writer.write(box, { ...cut(data, shape, box), ...(causes && { filled: causes }) });
      }
    };
    const ended = await Promise.allSettled(Array.from({ length: writer.concurrency ?? 1 }, work));
    const failed = ended.find(({ status }) => status === "rejected");
    if (failed?.status === "rejected") throw failed.reason;
  } catch (error) {
    await writer.abort?.(error);
    throw error;
  }
  await writer.flush?.(emptyReport);
}

/** The voxels of a box, as a view into memory that is longer on both sides. */
export function cut(data: Voxels, shape: Triple, { lower, upper }: VolumeBox): VolumeBlock {
  const extent: Triple = [upper[0] - lower[0], upper[1] - lower[1], upper[2] - lower[2]];
  const length = extent[0] * extent[1] * extent[2];
  const bytes = data as Voxels<"uint8">;
  const memory = bytes.slice(0, 0).constructor as new (length: number) => Voxels<"uint8">;
  const voxels = new memory(length + 5).subarray(3, 3 + length);
  let to = 0;
  for (let i = lower[0]; i < upper[0]; i++) {
    for (let j = lower[1]; j < upper[1]; j++) {
      const row = (i * shape[1] + j) * shape[2];
      voxels.set(bytes.subarray(row + lower[2], row + upper[2]), to);
      to += extent[2];
    }
  }
  return { data: voxels, shape: extent };
}

/** Reads the voxels of a level from its files. */
export async function readLevel(
  store: FileStore,
  format: ChunkFormat,
  info: VolumeInfo,
  levels: Parameters<ChunkFormat["layOut"]>[1],
  index: number,
): Promise<Voxels> {
  const level = format.layOut(info, levels).levels[index];
  if (level === undefined) throw new Error(`there is no level ${index}`);
  const { shape, unitShape } = level;
  const data = createVoxels(info.dataType, shape[0] * shape[1] * shape[2]) as Voxels<"uint8">;
  for (const { lower, upper } of boxesOf(shape, unitShape, [])) {
    const at = lower.map((from, axis) => from / (unitShape[axis] ?? 1)) as unknown as Triple;
    const bytes = await store.get?.(level.path(at));
    if (bytes === undefined) throw new Error(`${level.path(at)} is missing`);
    const block = await level.decode(at, bytes);
    let from = 0;
    for (let i = lower[0]; i < upper[0]; i++) {
      for (let j = lower[1]; j < upper[1]; j++) {
        const length = upper[2] - lower[2];
        const row = (block.data as Voxels<"uint8">).subarray(from, from + length);
        data.set(row, (i * shape[1] + j) * shape[2] + lower[2]);
        from += length;
      }
    }
  }
  return data;
}

/** All files of a store, by path. */
export async function filesOf(store: MemoryStore): Promise<Readonly<Record<string, string>>> {
  const files: Record<string, string> = {};
  for (const path of [...store.paths].sort()) {
    files[path] = [...((await store.get(path)) ?? [])].map((byte) => String.fromCharCode(byte)).join("");
  }
  return files;
}
