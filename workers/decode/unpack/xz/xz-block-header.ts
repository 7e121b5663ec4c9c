import { DecodeFailure } from "../../../../src/errors.js";
import { damagedData } from "../../damaged-data.js";

const lzma2 = 0x21;

/** The header of a block. */
export interface XzBlockHeader {
  /** Length of its packed data, if the header has it. */
  readonly packedBytes: number | undefined;
  /** Length of its unpacked data, if the header has it. */
  readonly bytes: number | undefined;
  /** How far back a repetition may reach. */
  readonly dictionaryBytes: number;
}

/** Reads the header of the block in `[start, end)`, without the checksum after it. */
export function readBlockHeader(file: Uint8Array, start: number, end: number): XzBlockHeader {
  const flags = file[start + 1] as number;
  let at = start + 2;
  const next = (): number => {
    const size = readSize(file, at, end);
    at = size.end;
    return size.value;
  };
  if ((flags & 0x3c) !== 0) throw damagedData("an xz block has an invalid header");
  const packedBytes = (flags & 0x40) === 0 ? undefined : next();
  const bytes = (flags & 0x80) === 0 ? undefined : next();
  const filter = next();
  if ((flags & 3) !== 0 || filter !== lzma2)
    throw new DecodeFailure(
      "unsupported-image",
      "it is packed with another xz filter than LZMA2, which is not read; write it without filters",
    );
  const propertyBytes = next();
  const dictionary = at < end ? (file[at++] as number) : 255;
  const isRest = file.subarray(at, end).every((byte) => byte === 0);
  if (propertyBytes !== 1 || dictionary > 40 || !isRest)
    throw damagedData("an xz block has an invalid header");
  const dictionaryBytes =
    dictionary === 40 ? 2 ** 32 - 1 : (2 | (dictionary & 1)) * 2 ** (Math.floor(dictionary / 2) + 11);
  return { packedBytes, bytes, dictionaryBytes };
}

/** Reads a number of seven bits per byte, the lowest first. */
export function readSize(
  file: Uint8Array,
  start: number,
  end: number,
): { readonly value: number; readonly end: number } {
  let value = 0;
  let at = start;
  for (let unit = 1; ; unit *= 128) {
    const byte = at < end ? (file[at++] as number) : undefined;
    if (byte === undefined || unit > 2 ** 56 || (byte === 0 && unit > 1))
      throw damagedData("a number in the xz stream is invalid");
    value += (byte & 127) * unit;
    if (byte < 128) return { value, end: at };
  }
}
