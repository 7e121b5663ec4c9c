/** How the numbers of a TIFF file are laid out. */
export interface TiffSizes {
  /** Bytes before the first directory. */
  readonly head: number;
  /** Bytes of the number of entries. */
  readonly count: number;
  /** Bytes of an entry. */
  readonly entry: number;
  /** Bytes of an offset, and of the value in an entry. */
  readonly offset: 4 | 8;
}

/** TIFF 6, whose offsets have 32 bits. */
export const classicTiff: TiffSizes = { head: 8, count: 2, entry: 12, offset: 4 };

/** BigTIFF, whose offsets have 64 bits. */
export const bigTiff: TiffSizes = { head: 16, count: 8, entry: 20, offset: 8 };

/** An entry of a directory. `value` is the value itself or, if that is longer than an offset, its position in the file. */
export interface TiffEntry {
  readonly tag: number;
  readonly type: keyof typeof typeCodes;
  /** Number of values. */
  readonly count: number;
  readonly value: number | bigint;
}

const typeCodes = { ascii: 2, short: 3, long: 4, rational: 5, long8: 16 } as const;

export function directoryBytes({ count, entry, offset }: TiffSizes, entries: number): number {
  return count + entries * entry + offset;
}

/** Writes a directory. `entries` must be sorted by tag; `next` is the position of the next directory, 0 after the last. */
export function writeDirectory(
  view: DataView,
  sizes: TiffSizes,
  at: number,
  entries: readonly TiffEntry[],
  next: number,
): void {
  const { count, entry, offset } = sizes;
  if (count === 2) view.setUint16(at, entries.length, true);
  else writeOffset(view, sizes, at, entries.length);
  entries.forEach(({ tag, type, count: values, value }, i) => {
    const from = at + count + i * entry;
    view.setUint16(from, tag, true);
    view.setUint16(from + 2, typeCodes[type], true);
    writeOffset(view, sizes, from + 4, values);
    // In little-endian order a shorter number takes the front of the field, and zeros fill the rest.
    writeOffset(view, sizes, from + 4 + offset, value);
  });
  writeOffset(view, sizes, at + count + entries.length * entry, next);
}

/** Writes the first bytes of the file, with the position of the first directory. */
export function writeHead(view: DataView, sizes: TiffSizes, firstDirectory: number): void {
  view.setUint16(0, 0x4949, true);
  if (sizes === classicTiff) {
    view.setUint16(2, 42, true);
    writeOffset(view, sizes, 4, firstDirectory);
  } else {
    view.setUint16(2, 43, true);
    view.setUint16(4, sizes.offset, true);
    writeOffset(view, sizes, 8, firstDirectory);
  }
}

function writeOffset(view: DataView, { offset }: TiffSizes, at: number, value: number | bigint): void {
  if (offset === 8) view.setBigUint64(at, BigInt(value), true);
  else view.setUint32(at, Number(value), true);
}

/** The inverse of a length as a fraction, with the numerator in the lower 32 bits; exact for lengths of up to nine decimals. */
export function inverseOf(length: number): bigint {
  let scale = 1;
  while (scale < 1e9 && !Number.isInteger(length * scale) && length * scale * 10 < 2 ** 32) scale *= 10;
  const denominator = Math.min(Math.max(1, Math.round(length * scale)), 2 ** 32 - 1);
  return (BigInt(denominator) << 32n) | BigInt(scale);
}
