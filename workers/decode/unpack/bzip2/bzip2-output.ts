import { damagedData } from "../../damaged-data.js";

/** bzip2's CRC-32 of each byte, highest bit first. */
const crcTable = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc < 0 ? 0x04c11db7 : 0);
  return crc;
});

/** Collects the output of all blocks, and the checksum of the current block. */
export class Bzip2Output {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  #written = 0;
  #crc = -1;

  /** @param length - The number of bytes that must come out. */
  constructor(length: number) {
    this.#bytes = new Uint8Array(length);
  }

  /** How many more bytes fit. */
  get room(): number {
    return this.#bytes.length - this.#written;
  }

  /** Writes the bytes of a block, following its links from `origin`. After four equal bytes comes a number of repeats. */
  writeRuns(links: Uint32Array, origin: number): void {
    let place = (links[origin] as number) >>> 8;
    let run = 0;
    let last = -1;
    for (let left = links.length; left > 0; left--) {
      const link = links[place] as number;
      const byte = link & 255;
      place = link >>> 8;
      if (run === 4) {
        this.#write(last, byte);
        run = 0;
        last = -1;
        continue;
      }
      run = byte === last ? run + 1 : 1;
      last = byte;
      this.#write(byte, 1);
    }
  }

  /** Returns the checksum of the current block and resets it for the next. */
  takeChecksum(): number {
    const crc = ~this.#crc;
    this.#crc = -1;
    return crc;
  }

  /** The whole output. Throws if it is too short. */
  whole(): Uint8Array<ArrayBuffer> {
    const { length } = this.#bytes;
    if (this.#written < length)
      throw damagedData(`it unpacks to ${this.#written} bytes, fewer than the ${length} that it should`);
    return this.#bytes;
  }

  #write(byte: number, count: number): void {
    if (count > this.room)
      throw damagedData(`it unpacks to more than the ${this.#bytes.length} bytes that it should`);
    let crc = this.#crc;
    for (let i = 0; i < count; i++) {
      this.#bytes[this.#written++] = byte;
      crc = (crc << 8) ^ (crcTable[((crc >>> 24) ^ byte) & 255] as number);
    }
    this.#crc = crc;
  }
}
