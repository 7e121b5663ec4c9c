import { InvalidOutError } from "../../errors.js";
import type { Bytes } from "../../space/bytes.js";

/** Where the bytes of a file go: any place that takes them by position. */
export interface ByteSink {
  /** Takes bytes; resolves when the sink is ready for more. The bytes are the caller's: copy what must outlive the call. */
  write(position: number, bytes: Bytes): Promise<void>;
  /** Completes the file. Called once, after the last `write`. */
  close(): Promise<void>;
  /** Gives up instead: what was written is not wanted. */
  discard?(): Promise<void>;
}

/** Throws an `InvalidOutError` for what is no sink: a path, or a promise that was not awaited. */
export function checkSink(name: string, sink: ByteSink): void {
  if (typeof sink?.write === "function" && typeof sink.close === "function") return;
  throw new InvalidOutError(
    `${name} must have write and close, as what fileSink promises: await fileSink(path)`,
  );
}

/** A file on disk that appears under its name when it is complete. */
export interface FileSink extends ByteSink {
  /** Gives up: removes what was written, and leaves alone what was there under the name. */
  discard(): Promise<void>;
}

/** A file in memory: for a browser's download, or a test. */
export class MemoryByteSink implements ByteSink {
  #bytes: Bytes;
  #length = 0;

  /** `byteLength` spares growing; it is not a limit. */
  constructor(byteLength = 0) {
    this.#bytes = new Uint8Array(new ArrayBuffer(byteLength));
  }

  /** What was written, up to the last byte written so far; places between that were not are 0. */
  get bytes(): Bytes {
    return this.#bytes.subarray(0, this.#length);
  }

  /** See {@link ByteSink}; the bytes are copied. */
  write(position: number, bytes: Bytes): Promise<void> {
    const end = position + bytes.length;
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(end, this.#bytes.length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, position);
    this.#length = Math.max(this.#length, end);
    return Promise.resolve();
  }

  /** See {@link ByteSink}; there is nothing to do. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}
