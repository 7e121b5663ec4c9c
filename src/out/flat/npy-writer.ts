import type { Bytes } from "../../space/bytes.js";
import type { DataType } from "../../space/data-type.js";
import { numpyType } from "../numpy-type.js";
import type { ByteSink } from "../sink/byte-sink.js";
import { volumeShape } from "../volume-shape.js";
import { type FlatFileOptions, FlatFileWriter } from "./flat-file-writer.js";

/**
 * Writes a volume as a NumPy `.npy` file (format 1.0, C order) of the volume's data type. `numpy.load(path)` returns an
 * array with the volume's axes; `numpy.load(path, mmap_mode="r")` does so without reading the whole file.
 *
 * @example
 * ```ts
 * import { NpyWriter, fileSink } from "catmaid-image/out";
 * await fetcher.get(roi, { out: new NpyWriter(await fileSink("volume.npy")) });
 * ```
 */
export class NpyWriter extends FlatFileWriter {
  constructor(sink: ByteSink, options: FlatFileOptions = {}) {
    super(sink, ({ shape, dataType }) => npyHeader(shape, dataType), options);
  }
}

/** The header of a `.npy` file with little-endian values in C order. */
export function npyHeader(shape: ArrayLike<number>, dataType: DataType = "uint8"): Bytes {
  const dictionary = `{'descr': '${numpyType(dataType)}', 'fortran_order': False, 'shape': (${volumeShape("shape", shape).join(", ")}), }`;
  const prefix = 10;
  // The data begin at a multiple of 64 bytes, so that they can be mapped into memory.
  const length = Math.ceil((prefix + dictionary.length + 1) / 64) * 64;
  const header = new Uint8Array(length).fill(0x20);
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, (length - prefix) & 255, (length - prefix) >> 8]);
  header.set(new TextEncoder().encode(dictionary), prefix);
  header[length - 1] = 0x0a;
  return header;
}
