import { damagedData } from "../../damaged-data.js";

/** Reads the bits of a file from start to end, the highest bit of each byte first. */
export class ForwardBits {
  readonly #file: Uint8Array;
  #next = 0;
  /** Bits that were taken from the file and not read yet: the lowest `#held` ones. */
  #word = 0;
  #held = 0;

  constructor(file: Uint8Array) {
    this.#file = file;
  }

  /** Whether the whole file was read. */
  get isRead(): boolean {
    return this.#held === 0 && this.#next === this.#file.length;
  }

  /** Reads the next bits, at most 24. */
  read(count: number): number {
    const value = this.peek(count);
    this.skip(count);
    return value;
  }

  /** Reads the next 32 bits, as a signed number. */
  readWord(): number {
    const high = this.read(16);
    return (high << 16) | this.read(16);
  }

  /** The next bits, at most 24, without moving on. Bits after the end are 0. */
  peek(count: number): number {
    while (this.#held < count) {
      this.#word = (this.#word << 8) | (this.#file[this.#next] ?? 0);
      this.#next += 1;
      this.#held += 8;
    }
    return (this.#word >>> (this.#held - count)) & ((1 << count) - 1);
  }

  /** Skips bits that were peeked at. */
  skip(count: number): void {
    this.#held -= count;
    if (this.#next - (this.#held >> 3) > this.#file.length) throw damagedData("the bzip2 stream ends early");
  }

  /** Skips the rest of the current byte, and returns bytes that were taken too early. */
  alignToByte(): void {
    this.#next -= this.#held >> 3;
    this.#held = 0;
  }
}
