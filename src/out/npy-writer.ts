import type { Bytes } from "../space/bytes.js";
import type { DataType } from "../space/data-type.js";
import type { ByteSink } from "./byte-sink.js";
import { FlatFileWriter } from "./flat-file-writer.js";
import { volumeShape } from "./volume-shape.js";

/**
 * Writes a volume as a NumPy `.npy` file (format 1.0, C order), of its data type: `numpy.load(path)` gives the array with
 * the same axes as here, `numpy.load(path, mmap_mode="r")` without reading it all.
 *
 * @example
 * ```ts
 * import { NpyWriter, fileSink } from "catmaid-image/out";
 * await fetcher.get(roi, { out: new NpyWriter(await fileSink("volume.npy")) });
 * ```
 */
export class NpyWriter extends FlatFileWriter {
  constructor(sink: ByteSink) {
    super(sink, ({ shape, dataType }) => npyHeader(shape, dataType));
  }
}

/** NumPy's names of data types, little-endian. */
const descriptions: Readonly<Record<DataType, string>> = {
  uint8: "|u1",
  int8: "|i1",
  uint16: "<u2",
  int16: "<i2",
  uint32: "<u4",
  int32: "<i4",
  uint64: "<u8",
  int64: "<i8",
  float32: "<f4",
  float64: "<f8",
};

/** The header of a `.npy` file with little-endian values in C order. */
export function npyHeader(shape: ArrayLike<number>, dataType: DataType = "uint8"): Bytes {
  const dictionary = `{'descr': '${descriptions[dataType]}', 'fortran_order': False, 'shape': (${volumeShape("shape", shape).join(", ")}), }`;
  const prefix = 10;
  // The data begin at a multiple of 64 bytes, so that they can be mapped into memory.
  const length = Math.ceil((prefix + dictionary.length + 1) / 64) * 64;
  const header = new Uint8Array(length).fill(0x20);
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, (length - prefix) & 255, (length - prefix) >> 8]);
  header.set(new TextEncoder().encode(dictionary), prefix);
  header[length - 1] = 0x0a;
  return header;
}
