/**
 * Memory of files that are stored, for those that come: the first touch of fresh memory takes longer than all that is
 * done with it.
 */
export class SpareMemory {
  readonly #spare: ArrayBuffer[] = [];

  /** Memory of at least so many bytes, a multiple of 8, with anything in it. */
  take(byteLength: number): ArrayBuffer {
    const found = this.#spare.findIndex((buffer) => buffer.byteLength >= byteLength);
    const [buffer = new ArrayBuffer(8 * Math.ceil(byteLength / 8))] =
      found < 0 ? [] : this.#spare.splice(found, 1);
    return buffer;
  }

  /** Takes it back. */
  give(memory: ArrayBuffer): void {
    this.#spare.push(memory);
  }
}
