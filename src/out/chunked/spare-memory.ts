/**
 * Memory of files that are stored, for those that come: the first touch of fresh memory takes longer than all that is
 * done with it.
 */
export class SpareMemory {
  readonly #spare: ArrayBuffer[] = [];

  /** Memory of at least so many bytes, a multiple of 8, with anything in it. */
  take(byteLength: number): ArrayBuffer {
    const found = this.#spare.findIndex((buffer) => buffer.byteLength >= byteLength);
    // One that is too short goes: there are never more than there are files at a time.
    const [buffer] = this.#spare.splice(Math.max(0, found), 1);
    return buffer !== undefined && found >= 0 ? buffer : new ArrayBuffer(8 * Math.ceil(byteLength / 8));
  }

  /** Takes it back. */
  give(memory: ArrayBuffer): void {
    this.#spare.push(memory);
  }
}
