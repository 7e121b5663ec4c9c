import { refuseUnknown } from "../options/check-option.js";
import { type ByteSink, checkSink } from "./byte-sink.js";
import { FlatFileWriter } from "./flat-file-writer.js";
import type { VolumeInfo } from "./volume-writer.js";

/** Options of a {@link RawWriter}. */
export interface RawWriterOptions {
  /** Takes a JSON text that says how to read the file. Default: none is written. */
  readonly sidecar?: ByteSink;
  /** Put into that JSON beside `dtype`, `byteOrder`, `order` and `shape`: resolution, origin and the like. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

const optionNames: ReadonlySet<string> = new Set(["sidecar", "metadata"]);

/** Writes a volume as bare voxels in C order, little-endian, with a JSON text beside them. */
export class RawWriter extends FlatFileWriter {
  readonly #sidecar: ByteSink | undefined;
  readonly #metadata: Readonly<Record<string, unknown>>;

  constructor(sink: ByteSink, options: RawWriterOptions = {}) {
    refuseUnknown(options, optionNames, "a RawWriter");
    const { sidecar, metadata } = options;
    if (sidecar !== undefined) checkSink("sidecar", sidecar);
    super(sink, () => new Uint8Array(0));
    this.#sidecar = sidecar;
    this.#metadata = metadata ?? {};
  }

  /** Completes the file, and the JSON. */
  override async flush(): Promise<void> {
    await super.flush();
    await this.#sidecar?.close();
  }

  /** Gives the file up, and the JSON. */
  override async abort(): Promise<void> {
    await Promise.all([super.abort(), this.#sidecar?.discard?.()]);
  }

  /**
   * Voxels that nothing describes are worth little: without room for the text, the file does not appear either.
   *
   * @internal
   */
  protected override async beforeClose({ dataType, shape }: VolumeInfo): Promise<void> {
    if (this.#sidecar === undefined) return;
    const description = { dtype: dataType, byteOrder: "little", order: "C", shape, ...this.#metadata };
    await this.#sidecar.write(0, new TextEncoder().encode(`${JSON.stringify(description, null, 2)}\n`));
  }
}
