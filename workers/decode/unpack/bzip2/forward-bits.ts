import { damagedData } from "../../damaged-data.js";

/** The bits of a file from its first to its last, the highest of each byte first. */
export class ForwardBits {
  readonly #file: Uint8Array;
  #next = 0;
  /** What was taken of the file and not read yet: the lowest `#held` bits. */
  #word = 0;
  #held = 0;

  constructor(file: Uint8Array) {
    this.#file = file;
  }

  /** Whether nothing of the file is left. */
  get isRead(): boolean {
    return this.#held === 0 && this.#next === this.#file.length;
  }

  /** The next bits, at most 24. */
  read(count: number): number {
    const value = this.peek(count);
    this.skip(count);
    return value;
  }

  /** The next 32 bits, as a signed number. */
  readWord(): number {
    const high = this.read(16);
    return (high << 16) | this.read(16);
  }

  /** The next bits, at most 24, which stay; zeros behind the end. */
  peek(count: number): number {
    while (this.#held < count) {
      this.#word = (this.#word << 8) | (this.#file[this.#next] ?? 0);
      this.#next += 1;
      this.#held += 8;
    }
    return (this.#word >>> (this.#held - count)) & ((1 << count) - 1);
  }

  /** Leaves out bits that were looked at. */
  skip(count: number): void {
    this.#held -= count;
    if (this.#next - (this.#held >> 3) > this.#file.length) throw damagedData("the bzip2 stream ends early");
  }

  /** Leaves out what is left of the byte, and gives back what was taken too early. */
  alignToByte(): void {
    this.#next -= this.#held >> 3;
    this.#held = 0;
  }
}
