import { acTable, codesOf, dcTable } from "./jpeg-tables.js";

const dc = codesOf(dcTable);
const ac = codesOf(acTable);

/** Writes the entropy-coded data of a scan. */
export class JpegBits {
  #bytes = new Uint8Array(1 << 16);
  #length = 0;
  #pending = 0;
  #pendingBits = 0;

  /** Writes the lowest `count` bits of `value`, at most 16. */
  put(value: number, count: number): void {
    this.#pending = (this.#pending << count) | (value & ((1 << count) - 1));
    this.#pendingBits += count;
    while (this.#pendingBits >= 8) {
      this.#pendingBits -= 8;
      this.#byte((this.#pending >> this.#pendingBits) & 255);
    }
    this.#pending &= (1 << this.#pendingBits) - 1;
  }

  /** Writes a DC difference. */
  putDc(difference: number): void {
    const size = sizeOf(difference);
    this.put(dc.code[size] as number, dc.length[size] as number);
    this.#putValue(difference, size);
  }

  /** Writes an AC coefficient that is not 0, after `run` zeros, at most 15. */
  putAc(run: number, value: number): void {
    const size = sizeOf(value);
    this.putSymbol((run << 4) | size);
    this.#putValue(value, size);
  }

  /** Writes a code of the AC table: 0x00 ends the block, 0xF0 means 16 zeros. */
  putSymbol(symbol: number): void {
    this.put(ac.code[symbol] as number, ac.length[symbol] as number);
  }

  /** The data, padded with 1 bits. */
  end(): Uint8Array {
    if (this.#pendingBits > 0) this.put(0x7f, 8 - this.#pendingBits);
    return this.#bytes.subarray(0, this.#length);
  }

  #putValue(value: number, size: number): void {
    if (size > 0) this.put(value < 0 ? value - 1 : value, size);
  }

  #byte(byte: number): void {
    if (this.#length + 2 > this.#bytes.length) {
      const longer = new Uint8Array(2 * this.#bytes.length);
      longer.set(this.#bytes);
      this.#bytes = longer;
    }
    this.#bytes[this.#length++] = byte;
    if (byte === 0xff) this.#bytes[this.#length++] = 0;
  }
}

function sizeOf(value: number): number {
  return 32 - Math.clz32(Math.abs(value));
}
