/**
 * Keeps the memory of stored files for the next files, because the first touch of new memory takes longer than everything
 * else that is done with it.
 */
export class SpareMemory {
  readonly #spare: ArrayBuffer[] = [];

  /** Uninitialized memory of at least `byteLength` bytes, and of a multiple of 8. */
  take(byteLength: number): ArrayBuffer {
    const found = this.#spare.findIndex((buffer) => buffer.byteLength >= byteLength);
    // If all buffers are too short, one of them is dropped, so that there are never more buffers than files at a time.
    const [buffer] = this.#spare.splice(Math.max(0, found), 1);
    return buffer !== undefined && found >= 0 ? buffer : new ArrayBuffer(8 * Math.ceil(byteLength / 8));
  }

  /** Returns memory for reuse. */
  give(memory: ArrayBuffer): void {
    this.#spare.push(memory);
  }
}
