import type { ByteSink } from "../sink/byte-sink.js";
import { type FlatFileOptions, FlatFileWriter } from "./flat-file-writer.js";

/** Options of a {@link RawWriter}. */
export type RawWriterOptions = FlatFileOptions;

/** Writes a volume as bare voxels in C order, little-endian. Give a `sidecar`, as the file itself has no description. */
export class RawWriter extends FlatFileWriter {
  constructor(sink: ByteSink, options: RawWriterOptions = {}) {
    super(sink, () => new Uint8Array(0), options);
  }
}
