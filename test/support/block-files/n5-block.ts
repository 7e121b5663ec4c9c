import type { DataType } from "../../../src/space/data-type.js";
import { bytesPerVoxel } from "../../../src/space/data-type.js";
import { joinBytes } from "../images/build-png.js";

/** The file of an N5 block: a header, followed by the given bytes. */
export function n5Block(
  size: readonly number[],
  packed: Uint8Array,
  { mode = 0, count }: { readonly mode?: number; readonly count?: number } = {},
): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * size.length + (count === undefined ? 0 : 4)));
  header.setUint16(0, mode);
  header.setUint16(2, size.length);
  size.forEach((extent, axis) => {
    header.setUint32(4 + 4 * axis, extent);
  });
  if (count !== undefined) header.setUint32(4 + 4 * size.length, count);
  return joinBytes([new Uint8Array(header.buffer), packed]);
}

/** Numbers in big-endian bytes, as in an N5 block. */
export function bigEndian(dataType: DataType, values: readonly (number | bigint)[]): Uint8Array {
  const bytes = bytesPerVoxel(dataType);
  const view = new DataView(new ArrayBuffer(values.length * bytes));
  values.forEach((value, i) => {
    const at = i * bytes;
    if (typeof value === "bigint") view.setBigUint64(at, BigInt.asUintN(64, value));
    else if (dataType === "float32") view.setFloat32(at, value);
    else if (dataType === "float64") view.setFloat64(at, value);
    else if (bytes === 1) view.setUint8(at, value);
    else if (bytes === 2) view.setUint16(at, value);
    else view.setUint32(at, value);
  });
  return new Uint8Array(view.buffer);
}
