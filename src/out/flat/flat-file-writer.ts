import { InvalidOutError } from "../../errors.js";
import { refuseUnknown } from "../../options/check-option.js";
import type { Bytes } from "../../space/bytes.js";
import { bytesPerVoxel } from "../../space/data-type.js";
import { begunBefore, notBegun } from "../begin-errors.js";
import { littleEndianBytes } from "../little-endian.js";
import { type ByteSink, checkSink } from "../sink/byte-sink.js";
import { voxelsIn } from "../volume-shape.js";
import type { VolumeBlock, VolumeBox, VolumeInfo, VolumeReport, VolumeWriter } from "../volume-writer.js";
import { boxRuns } from "./box-runs.js";
import { sidecarText } from "./sidecar.js";

/** Options of all {@link FlatFileWriter}s. */
export interface FlatFileOptions {
  /**
   * Where to write a JSON text that describes the file: data type, shape, axes, voxel size and position in nm, stack,
   * mirror, and which blocks were filled. Default: no such text is written.
   */
  readonly sidecar?: ByteSink;
  /** Members to add to that JSON; they replace members of the same names. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

const optionNames: readonly string[] = ["sidecar", "metadata"];

/** Runs that the sink gets at a time, so that short runs need not wait for each other. */
const batchRuns = 128;

/** A volume that is being written. */
interface BegunFile {
  readonly info: VolumeInfo;
  readonly header: Bytes;
  missingVoxels: number;
}

/** Writes a header and then a volume, in C order and little-endian. Each writer writes one volume. */
export abstract class FlatFileWriter implements VolumeWriter {
  readonly #sink: ByteSink;
  readonly #headerOf: (info: VolumeInfo) => Bytes;
  readonly #options: FlatFileOptions;
  #file: BegunFile | undefined;

  /**
   * `headerOf` returns the bytes before the voxels; it may throw if the format cannot hold the volume.
   * `moreOptions`: the names of the format's options besides {@link FlatFileOptions}.
   */
  constructor(
    sink: ByteSink,
    headerOf: (info: VolumeInfo) => Bytes,
    options: FlatFileOptions = {},
    moreOptions: readonly string[] = [],
  ) {
    checkSink("sink", sink);
    refuseUnknown(options, new Set([...moreOptions, ...optionNames]), "this writer");
    if (options.sidecar !== undefined) checkSink("sidecar", options.sidecar);
    this.#sink = sink;
    this.#headerOf = headerOf;
    this.#options = options;
  }

  /** Writes the header. Throws an `InvalidOutError` for a second volume, and if the format cannot hold the volume. */
  async begin(info: VolumeInfo): Promise<void> {
    if (this.#file !== undefined) throw begunBefore();
    const header = this.#headerOf(info);
    this.#file = { info, header, missingVoxels: voxelsIn(info.shape) };
    if (header.length > 0) await this.#sink.write(0, header);
  }

  /** Takes one block; resolves when the sink has it. */
  async write(box: VolumeBox, block: VolumeBlock): Promise<void> {
    const file = this.#begun();
    const { shape, dataType } = file.info;
    const size = bytesPerVoxel(dataType);
    const bytes = littleEndianBytes(block.data);
    let batch: Promise<void>[] = [];
    for (const { position, from, length } of boxRuns(shape, box)) {
      const run = bytes.subarray(from * size, (from + length) * size);
      batch.push(this.#sink.write(file.header.length + position * size, run));
      file.missingVoxels -= length;
      if (batch.length < batchRuns) continue;
      await Promise.all(batch);
      batch = [];
    }
    await Promise.all(batch);
  }

  /** Completes the file and its JSON. Throws an `InvalidOutError` if voxels are missing. */
  async flush(report?: VolumeReport): Promise<void> {
    const { info, missingVoxels } = this.#begun();
    if (missingVoxels !== 0) {
      throw new InvalidOutError(
        `the file lacks ${missingVoxels} of its ${voxelsIn(info.shape)} voxels: write all of them before flush`,
      );
    }
    const { sidecar, metadata } = this.#options;
    if (sidecar !== undefined) {
      const text = sidecarText(info, report, { byteOrder: "little", order: "C", ...metadata });
      await sidecar.write(0, new TextEncoder().encode(text));
    }
    // The JSON is written before the file is closed: if the disk is too full for it, the file does not appear either.
    await this.#sink.close();
    await sidecar?.close();
  }

  /** Discards the file and its JSON. */
  async abort(): Promise<void> {
    await Promise.all([this.#sink.discard?.(), this.#options.sidecar?.discard?.()]);
  }

  #begun(): BegunFile {
    if (this.#file === undefined) throw notBegun();
    return this.#file;
  }
}
