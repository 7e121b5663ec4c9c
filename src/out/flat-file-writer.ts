import { InvalidOutError } from "../errors.js";
import { refuseUnknown } from "../options/check-option.js";
import type { Triple } from "../space/axis-order.js";
import type { Bytes, Bytes } from "../space/bytes.js";
import { boxRuns, runChunkShape } from "./box-runs.js";
import { type ByteSink, checkSink } from "./byte-sink.js";
import { volumeShape } from "./volume-shape.js";
import type { VolumeBlock, VolumeBox, VolumeWriter } from "./volume-writer.js";

/** Options of writers whose files hold the voxels one after the other. */
export interface FlatFileOptions {
  /**
   * Shape of the blocks that are gathered before they are written, in output axis order. Default: the largest that
   * are written in one piece within `maxChunkBytes`.
   */
  readonly chunkShape?: ArrayLike<number>;
  /** Limit for the default `chunkShape`, in bytes. Default 32 MiB. */
  readonly maxChunkBytes?: number;
}

const optionNames: ReadonlySet<string> = new Set(["chunkShape", "maxChunkBytes"]);

/** Runs that are handed to the sink at a time: short ones wait for the disk, not for each other. */
const batchRuns = 128;

/** Writes a volume in C order behind a header; never holds more of it than one chunk. */
export abstract class FlatFileWriter implements VolumeWriter {
  /** Shape of the volume, in output axis order. */
  readonly shape: Triple;
  /** Shape of the blocks that the fetcher gathers before it hands them over. */
  readonly chunkShape: Triple;
  /** Size of the whole file, in bytes. */
  readonly byteLength: number;
  readonly #sink: ByteSink;
  readonly #header: Bytes;
  #begun = false;
  #missing: number;

  constructor(sink: ByteSink, shape: ArrayLike<number>, header: Bytes, options: FlatFileOptions = {}) {
    refuseUnknown(options, optionNames, "a file writer");
    checkSink("sink", sink);
    this.shape = volumeShape("shape", shape);
    this.chunkShape =
      options.chunkShape === undefined
        ? runChunkShape(this.shape, options.maxChunkBytes ?? 32 * 2 ** 20)
        : volumeShape("chunkShape", options.chunkShape);
    this.#sink = sink;
    this.#header = header;
    this.#missing = this.shape[0] * this.shape[1] * this.shape[2];
    this.byteLength = header.length + this.#missing;
  }

  /** Takes one block; resolves when the sink has it. */
  async write(box: VolumeBox, block: VolumeBlock): Promise<void> {
    await this.#begin();
    let batch: Promise<void>[] = [];
    for (const { position, from, length } of boxRuns(this.shape, box)) {
      batch.push(
        this.#sink.write(
          this.#header.length + position,
          (block.data as Bytes).subarray(from, from + length),
        ),
      );
      this.#missing -= length;
      if (batch.length < batchRuns) continue;
      await Promise.all(batch);
      batch = [];
    }
    await Promise.all(batch);
  }

  /** Completes the file. Throws an `InvalidOutError` where voxels were left out. */
  async flush(): Promise<void> {
    await this.#begin();
    if (this.#missing !== 0) {
      throw new InvalidOutError(
        `the file of ${this.shape.join(" × ")} voxels is not complete: ${this.#missing} left`,
      );
    }
    await this.beforeClose();
    await this.#sink.close();
  }

  /**
   * What must have gone well before the file is put in its place.
   *
   * @internal
   */
  protected async beforeClose(): Promise<void> {}

  async #begin(): Promise<void> {
    if (this.#begun) return;
    this.#begun = true;
    if (this.#header.length > 0) await this.#sink.write(0, this.#header);
  }
}
