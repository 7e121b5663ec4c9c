import { InvalidOutError } from "../../errors.js";
import type { Bytes } from "../../space/bytes.js";

/** Takes the bytes of a file, each at its position. */
export interface ByteSink {
  /** Takes bytes; resolves when the sink is ready for more. The caller may then reuse the bytes: copy them to keep them. */
  write(position: number, bytes: Bytes): Promise<void>;
  /** Completes the file. Called once, after the last `write`. */
  close(): Promise<void>;
  /** Called instead of `close` to drop what was written. */
  discard?(): Promise<void>;
}

/** Throws an `InvalidOutError` unless it gets a sink: callers may pass a path, or a promise that they did not await. */
export function checkSink(name: string, sink: ByteSink): void {
  if (typeof sink?.write === "function" && typeof sink.close === "function") return;
  throw new InvalidOutError(
    `${name} must have write and close: give the result of await fileSink(path), or a sink of your own`,
  );
}

/** A file on disk that appears under its name only when it is complete. */
export interface FileSink extends ByteSink {
  /** Removes what was written. A file that already had the name stays. */
  discard(): Promise<void>;
}

/** A file in memory: for a browser's download, or a test. */
export class MemoryByteSink implements ByteSink {
  #bytes: Bytes;
  #length = 0;

  /** `byteLength` is the expected size, which saves growing; it is not a limit. */
  constructor(byteLength = 0) {
    this.#bytes = new Uint8Array(new ArrayBuffer(byteLength));
  }

  /** The bytes up to the last one written so far; gaps that were not written are 0. */
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

  /** See {@link ByteSink}; does nothing. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}
