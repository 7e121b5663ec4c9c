import { InvalidOutError } from "../errors.js";
import type { Bytes } from "../space/bytes.js";
import { bytesPerVoxel } from "../space/data-type.js";
import { boxRuns } from "./box-runs.js";
import { type ByteSink, checkSink } from "./byte-sink.js";
import { littleEndianBytes } from "./little-endian.js";
import type { VolumeBlock, VolumeBox, VolumeInfo, VolumeWriter } from "./volume-writer.js";

/** Runs that are handed to the sink at a time: short ones wait for the disk, not for each other. */
const batchRuns = 128;

/** A volume that is being written. */
interface BegunFile {
  readonly info: VolumeInfo;
  readonly header: Bytes;
  missingVoxels: number;
}

/** Writes a volume in C order behind a header, little-endian. One writer is for one volume. */
export abstract class FlatFileWriter implements VolumeWriter {
  readonly #sink: ByteSink;
  readonly #headerOf: (info: VolumeInfo) => Bytes;
  #file: BegunFile | undefined;

  /** `headerOf` gives the bytes before the voxels. */
  constructor(sink: ByteSink, headerOf: (info: VolumeInfo) => Bytes) {
    checkSink("sink", sink);
    this.#sink = sink;
    this.#headerOf = headerOf;
  }

  /** Writes the header. Throws an `InvalidOutError` for a second volume. */
  async begin(info: VolumeInfo): Promise<void> {
    if (this.#file !== undefined)
      throw new InvalidOutError("the writer has a volume: make one for each file");
    const header = this.#headerOf(info);
    const [slow, middle, fast] = info.shape;
    this.#file = { info, header, missingVoxels: slow * middle * fast };
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

  /** Completes the file. Throws an `InvalidOutError` where voxels were left out. */
  async flush(): Promise<void> {
    const { info, missingVoxels } = this.#begun();
    if (missingVoxels !== 0) {
      throw new InvalidOutError(
        `the file of ${info.shape.join(" × ")} voxels is not complete: ${missingVoxels} left`,
      );
    }
    await this.beforeClose(info);
    await this.#sink.close();
  }

  /** Gives the file up. */
  async abort(): Promise<void> {
    await this.#sink.discard?.();
  }

  /**
   * What must have gone well before the file is put in its place.
   *
   * @internal
   */
  protected async beforeClose(_info: VolumeInfo): Promise<void> {}

  #begun(): BegunFile {
    if (this.#file === undefined) throw new InvalidOutError("the writer was not told to begin a volume");
    return this.#file;
  }
}
