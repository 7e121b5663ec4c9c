import { refuseUnknown } from "../options/check-option.js";
import { type ByteSink, checkSink } from "./byte-sink.js";
import { type FlatFileOptions, FlatFileWriter } from "./flat-file-writer.js";

/** Options of a {@link RawWriter}. */
export interface RawWriterOptions extends FlatFileOptions {
  /** Takes a JSON text that says how to read the file. Default: none is written. */
  readonly sidecar?: ByteSink;
  /** Put into that JSON beside `dtype`, `order` and `shape`: resolution, origin and the like. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

const optionNames: ReadonlySet<string> = new Set(["chunkShape", "maxChunkBytes", "sidecar", "metadata"]);

/** Writes a volume as bare voxels in C order, with a JSON text beside them. */
export class RawWriter extends FlatFileWriter {
  readonly #sidecar: ByteSink | undefined;
  readonly #metadata: Readonly<Record<string, unknown>>;

  /** `shape` is that of the volume, in output axis order. */
  constructor(sink: ByteSink, shape: ArrayLike<number>, options: RawWriterOptions = {}) {
    refuseUnknown(options, optionNames, "a RawWriter");
    const { sidecar, metadata, ...flat } = options;
    if (sidecar !== undefined) checkSink("sidecar", sidecar);
    super(sink, shape, new Uint8Array(0), flat);
    this.#sidecar = sidecar;
    this.#metadata = metadata ?? {};
  }

  /** Completes the file, and the JSON. */
  override async flush(): Promise<void> {
    await super.flush();
    await this.#sidecar?.close();
  }

  /**
   * Voxels that nothing describes are worth little: without room for the text, the file does not appear either.
   *
   * @internal
   */
  protected override async beforeClose(): Promise<void> {
    if (this.#sidecar === undefined) return;
    const description = { dtype: "uint8", order: "C", shape: this.shape, ...this.#metadata };
    await this.#sidecar.write(0, new TextEncoder().encode(`${JSON.stringify(description, null, 2)}\n`));
  }
}
