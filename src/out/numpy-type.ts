import { bytesPerVoxel, type DataType, isFloating } from "../space/data-type.js";

/** NumPy's name of a data type, little-endian: `"<u2"`, or `"|u1"` where there is nothing to order. */
export function numpyType(dataType: DataType): string {
  const bytes = bytesPerVoxel(dataType);
  const kind = isFloating(dataType) ? "f" : dataType.startsWith("u") ? "u" : "i";
  return `${bytes === 1 ? "|" : "<"}${kind}${bytes}`;
}
