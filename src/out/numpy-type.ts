import { bytesPerVoxel, type DataType, isFloating } from "../space/data-type.js";

/** NumPy's name of a little-endian data type, such as `"<u2"`; `"|u1"` or `"|i1"` for single bytes. */
export function numpyType(dataType: DataType): string {
  const bytes = bytesPerVoxel(dataType);
  const kind = isFloating(dataType) ? "f" : dataType.startsWith("u") ? "u" : "i";
  return `${bytes === 1 ? "|" : "<"}${kind}${bytes}`;
}
