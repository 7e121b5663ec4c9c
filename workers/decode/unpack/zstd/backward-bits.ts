import { damagedData } from "../../damaged-data.js";

/** The bits of a part of a file from its last to its first, below the highest 1 of its last byte. */
export class BackwardBits {
  readonly #view: DataView;
  readonly #first: number;
  /** Number of bits of the file before those that were read. */
  #at: number;

  /** There must be four bytes before `start`; they are read and ignored. */
  constructor(view: DataView, start: number, end: number) {
    const last = end > start ? view.getUint8(end - 1) : 0;
    if (last === 0) throw damagedData("a bit stream has no end");
    this.#view = view;
    this.#first = start * 8;
    this.#at = (end - 1) * 8 + 31 - Math.clz32(last);
  }

  /** Whether all bits were read, and no more. */
  get isRead(): boolean {
    return this.#at === this.#first;
  }

  /** Whether more bits were read than there are. */
  get isOverrun(): boolean {
    return this.#at < this.#first;
  }

  /** The next bits, at most 25. */
  read(count: number): number {
    const top = this.#at - 1;
    this.#at -= count;
    if (this.#at < this.#first) return 0;
    const word = this.#view.getUint32((top >> 3) - 3, true) << (7 - (top & 7));
    // In two steps, as a shift by 32 is none.
    return (word >>> 1) >>> (31 - count);
  }

  /** The next bits, at most 31. */
  readMany(count: number): number {
    if (count <= 16) return this.read(count);
    const high = this.read(count - 16);
    return ((high << 16) | this.read(16)) >>> 0;
  }
}
