import { InvalidOutError } from "../../errors.js";
import { oneOf, refuseUnknown } from "../../options/check-option.js";
import type { Triple } from "../../space/axis-order.js";
import { bytesPerVoxel } from "../../space/data-type.js";
import { perAxis } from "../../space/per-axis.js";
import { begunBefore, notBegun } from "../begin-errors.js";
import { padBlock } from "../chunked/volume-block.js";
import { littleEndianBytes } from "../little-endian.js";
import { readCompression } from "../packing/compression-option.js";
import type { WriterTools } from "../packing/pack.js";
import { type ByteSink, checkSink } from "../sink/byte-sink.js";
import { volumeShape, voxelsIn } from "../volume-shape.js";
import type { VolumeBlock, VolumeBox, VolumeInfo, VolumeReport, VolumeWriter } from "../volume-writer.js";
import { chunkIndex, type StoredChunks } from "./chunk-index.js";
import { type FrameRequest, hdf5Frame, loadHdf5Library, placeIndex } from "./hdf5-frame.js";
import { type Hdf5Layout, layOut } from "./hdf5-layout.js";

/** Options of a {@link Hdf5Writer}. */
export interface Hdf5WriterOptions {
  /**
   * Where the volume is in the file. `"plain"`, the default: at `dataset`, with the attributes `resolution` and `offset`
   * (float64, nm, in the order of the volume's axes; the offset is the corner of the first voxel), `axes` and `unit`.
   * `"cremi"`: the form of the CREMI challenge (`file_format` 0.2), with `uint8` images at `volumes/raw` and `uint64` labels
   * at `volumes/labels/neuron_ids`.
   */
  readonly layout?: Hdf5Layout;
  /** Path of the dataset of a plain file. Default: `"volume"`. */
  readonly dataset?: string;
  /** Extent of the chunks in voxels, in the order of the volume's axes. Default: 64 × 64 × 64. */
  readonly chunkShape?: Triple;
  /** How chunks are packed: `"none"`, the default, or `"gzip"`, with a level if you like. */
  readonly compression?: "none" | "gzip" | { readonly kind: "none" | "gzip"; readonly level?: number };
}

const optionNames: ReadonlySet<string> = new Set(["layout", "dataset", "chunkShape", "compression"]);

// Space for the list of filled blocks, which is known only at the end. If the list does not fit, only its length is written.
const roomBytes = 2 ** 16;

/** A volume that is being written. */
interface BegunFile {
  readonly info: VolumeInfo;
  readonly tools: WriterTools;
  readonly library: Awaited<ReturnType<typeof loadHdf5Library>>;
  readonly chunks: StoredChunks;
  /** Bytes before the first chunk. */
  readonly room: number;
  /** Where the next chunk is put. */
  end: number;
}

/**
 * Writes a volume of any data type as a HDF5 file, in chunks, with voxel size and position. `h5py.File(path)["volume"]` has
 * the volume's axes. Needs the package `h5wasm`, which writes everything but the chunks. This writer compresses chunks where
 * blocks are decoded and writes each to the file at once, so the file may be larger than the memory.
 *
 * The beginning of the file is written last: until the file is complete, no program can open it. An export cannot be
 * resumed; a killed run begins anew. For exports that take hours, write OME-Zarr or N5.
 *
 * @example
 * ```ts
 * import { fileSink } from "catmaid-image/out";
 * import { Hdf5Writer } from "catmaid-image/out/hdf5";
 * await fetcher.get(roi, { out: new Hdf5Writer(await fileSink("volume.h5"), { compression: "gzip" }) });
 * ```
 */
export class Hdf5Writer implements VolumeWriter {
  /** Extent of the chunks, in voxels. Each chunk is written once. */
  readonly chunkShape: Triple;
  /** Chunks that are compressed at a time. */
  readonly concurrency: number = 4;
  readonly #sink: ByteSink;
  readonly #layout: Hdf5Layout;
  readonly #dataset: string;
  readonly #gzipLevel: number | undefined;
  #file: BegunFile | undefined;

  constructor(sink: ByteSink, options: Hdf5WriterOptions = {}) {
    checkSink("sink", sink);
    refuseUnknown(options, optionNames, "a Hdf5Writer");
    const { layout = "plain", dataset, chunkShape = [64, 64, 64], compression = "none" } = options;
    this.#sink = sink;
    this.#layout = oneOf("layout", layout, ["plain", "cremi"]);
    if (layout === "cremi" && dataset !== undefined)
      throw new InvalidOutError(`the layout "cremi" has names of its own: leave dataset out`);
    this.#dataset = datasetPath(dataset ?? "volume");
    this.chunkShape = volumeShape("chunkShape", chunkShape);
    const { kind, level } = readCompression(compression, ["none", "gzip"]);
    this.#gzipLevel = kind === "none" ? undefined : level;
  }

  /** Loads `h5wasm`. Throws an `InvalidOutError` if it is not installed, or if the layout cannot hold the volume. */
  async begin(info: VolumeInfo, tools: WriterTools): Promise<void> {
    if (this.#file !== undefined) throw begunBefore();
    const { shape, dataType } = info;
    const chunkShape = perAxis((axis) => Math.min(this.chunkShape[axis], shape[axis]));
    const chunkBytes = voxelsIn(chunkShape) * bytesPerVoxel(dataType);
    if (chunkBytes >= 2 ** 32) {
      throw new InvalidOutError(
        `chunks of ${chunkShape.join(" × ")} voxels have ${chunkBytes} bytes, and HDF5's less than 4 GiB: take smaller ones`,
      );
    }
    const grid = perAxis((axis) => Math.ceil(shape[axis] / chunkShape[axis]));
    const count = voxelsIn(grid);
    const chunks = { grid, chunkShape, addresses: new Float64Array(count), lengths: new Uint32Array(count) };
    const request = this.#request(info, chunkShape);
    const library = await loadHdf5Library();
    const frame = hdf5Frame(library, request);
    // Throws before anything is fetched if this version of h5wasm writes an unknown form.
    placeIndex(frame, request, 0, 0);
    const room = frame.length + roomBytes;
    this.#file = { info, tools, library, chunks, room, end: room };
  }

  /** Takes one chunk; resolves when the sink has it. */
  async write(box: VolumeBox, block: VolumeBlock): Promise<void> {
    const file = this.#begun();
    const { chunks, tools } = file;
    const at = chunkAt(box, file);
    const bytes = littleEndianBytes(padBlock(block, chunks.chunkShape).data);
    const packed = this.#gzipLevel === undefined ? bytes : await tools.pack(bytes, "zlib", this.#gzipLevel);
    chunks.addresses[at] = file.end;
    chunks.lengths[at] = packed.length;
    file.end += packed.length;
    await this.#sink.write(chunks.addresses[at], packed);
  }

  /** Completes the file. Throws an `InvalidOutError` if chunks are missing. */
  async flush(report?: VolumeReport): Promise<void> {
    const { info, chunks, library, room, end: indexAt } = this.#begun();
    const missing = chunks.lengths.filter((length) => length === 0).length;
    if (missing > 0) {
      throw new InvalidOutError(
        `the file lacks ${missing} of its ${chunks.lengths.length} chunks: write all of them before flush`,
      );
    }
    const { parts, root, end } = chunkIndex(chunks, indexAt);
    for (const { at, bytes } of parts) await this.#sink.write(at, bytes);
    let request = this.#request(info, chunks.chunkShape, report);
    let frame = hdf5Frame(library, request);
    if (report !== undefined && frame.length > room) {
      const { blocks, outside } = report;
      request = this.#request(info, chunks.chunkShape, { blocks, outside });
      frame = hdf5Frame(library, request);
    }
    placeIndex(frame, request, root, end);
    await this.#sink.write(0, frame);
    await this.#sink.close();
  }

  /** Discards the file. */
  async abort(): Promise<void> {
    await this.#sink.discard?.();
  }

  #request(info: VolumeInfo, chunkShape: Triple, report?: Partial<VolumeReport>): FrameRequest {
    const { shape, dataType } = info;
    const laid = layOut(this.#layout, this.#dataset, info, report);
    return { ...laid, shape, dataType, chunkShape, gzipLevel: this.#gzipLevel };
  }

  #begun(): BegunFile {
    if (this.#file === undefined) throw notBegun();
    return this.#file;
  }
}

/** The index of the chunk that a box is, in C order. Throws an `InvalidOutError` if the box is not a chunk. */
function chunkAt({ lower, upper }: VolumeBox, { chunks, info }: BegunFile): number {
  const { grid, chunkShape } = chunks;
  const place = lower.map((first, axis) => first / (chunkShape[axis] as number)) as unknown as Triple;
  const isChunk = place.every((index, axis) => {
    const end = Math.min((index + 1) * (chunkShape[axis] as number), info.shape[axis] as number);
    return Number.isInteger(index) && upper[axis] === end;
  });
  if (isChunk) return (place[0] * grid[1] + place[1]) * grid[2] + place[2];
  throw new InvalidOutError(
    `the writer takes chunks of ${chunkShape.join(" × ")} voxels, and not the box from ${lower.join(", ")} to ${upper.join(", ")}`,
  );
}

/** Checks the path of a dataset and removes its leading slash. Throws an `InvalidOutError` if the path is invalid. */
function datasetPath(path: string): string {
  const names = typeof path === "string" ? path.replace(/^\//, "").split("/") : [];
  if (names.length > 0 && names.every((name) => !["", ".", ".."].includes(name) && !name.includes("\0"))) {
    return names.join("/");
  }
  throw new InvalidOutError(
    `dataset must be a path of names such as "volumes/raw", got ${JSON.stringify(path)}`,
  );
}
