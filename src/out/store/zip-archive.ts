import { crc32 } from "../../../workers/crc-32.js";
import type { Bytes } from "../../space/bytes.js";
import type { ByteSink } from "../sink/byte-sink.js";

/** A field of a record: its bytes, and its value. */
type Field = readonly [bytes: 2 | 4 | 8, value: number];

const most16 = 0xffff;
const most32 = 0xffff_ffff;
const bufferBytes = 2 ** 20;
/** Version 4.5 of the format, which introduced ZIP64. */
const version = 45;
const namesAreUtf8 = 1 << 11;
/** The earliest date of the format. All files have it, so that archives of the same files are identical. */
const firstOfJanuary1980 = 0x21;

/**
 * Writes a zip archive from beginning to end: uncompressed files of any number and size, with names in UTF-8. Lengths and
 * positions that do not fit into 32 bits are written as ZIP64 fields.
 */
export class ZipArchive {
  readonly #sink: ByteSink;
  readonly #directory: Bytes[] = [];
  readonly #buffer = new Uint8Array(bufferBytes);
  #buffered = 0;
  #length = 0;

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  async add(path: string, bytes: Bytes): Promise<void> {
    const name = new TextEncoder().encode(path);
    const { length } = bytes;
    const position = this.#length;
    const checksum = crc32(bytes, 0, length);
    const wideLength = wide([length, length]);
    const widePlace = wide([length, length, position]);
    const common = (extra: Bytes): Field[] => [
      [2, version],
      [2, namesAreUtf8],
      [2, 0], // stored
      [2, 0], // midnight
      [2, firstOfJanuary1980],
      [4, checksum],
      [4, Math.min(length, most32)],
      [4, Math.min(length, most32)],
      [2, name.length],
      [2, extra.length],
    ];
    this.#directory.push(
      record([
        [4, 0x02014b50],
        [2, version],
        ...common(widePlace),
        [2, 0], // comment
        [2, 0], // disk
        [2, 0], // internal attributes
        [4, 0], // external attributes
        [4, Math.min(position, most32)],
      ]),
      name,
      widePlace,
    );
    await this.#write(record([[4, 0x04034b50], ...common(wideLength)]));
    await this.#write(name);
    await this.#write(wideLength);
    await this.#write(bytes);
  }

  /** Ends the archive with the list of its files. Does not close the sink. */
  async end(): Promise<void> {
    const start = this.#length;
    for (const part of this.#directory) await this.#write(part);
    const length = this.#length - start;
    const files = this.#directory.length / 3;
    if (files >= most16 || start >= most32 || length >= most32) {
      const place = this.#length;
      const rest: Field[] = [
        [2, version],
        [2, version],
        [4, 0],
        [4, 0],
        [8, files],
        [8, files],
        [8, length],
        [8, start],
      ];
      await this.#write(record([[4, 0x06064b50], [8, 44], ...rest]));
      await this.#write(
        record([
          [4, 0x07064b50],
          [4, 0],
          [8, place],
          [4, 1],
        ]),
      );
    }
    await this.#write(
      record([
        [4, 0x06054b50],
        [2, 0],
        [2, 0],
        [2, Math.min(files, most16)],
        [2, Math.min(files, most16)],
        [4, Math.min(length, most32)],
        [4, Math.min(start, most32)],
        [2, 0],
      ]),
    );
    await this.#flush();
  }

  /** Collects small pieces in a buffer, because sinks take large ones faster. */
  async #write(bytes: Bytes): Promise<void> {
    if (this.#buffered + bytes.length > bufferBytes) await this.#flush();
    if (bytes.length > bufferBytes) {
      await this.#sink.write(this.#length, bytes);
    } else {
      this.#buffer.set(bytes, this.#buffered);
      this.#buffered += bytes.length;
    }
    this.#length += bytes.length;
  }

  async #flush(): Promise<void> {
    if (this.#buffered === 0) return;
    await this.#sink.write(this.#length - this.#buffered, this.#buffer.subarray(0, this.#buffered));
    this.#buffered = 0;
  }
}

/** The ZIP64 field for the values that do not fit into 32 bits, in their order; empty if all fit. */
function wide(values: readonly number[]): Bytes {
  const large = values.filter((value) => value >= most32);
  if (large.length === 0) return new Uint8Array(0);
  return record([[2, 1], [2, 8 * large.length], ...large.map((value): Field => [8, value])]);
}

/** The bytes of a record, little-endian. */
function record(fields: readonly Field[]): Bytes {
  const bytes = new Uint8Array(fields.reduce((sum, [length]) => sum + length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [length, value] of fields) {
    if (length === 2) view.setUint16(at, value, true);
    else if (length === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += length;
  }
  return bytes;
}
