/** Views bytes as voxels, without a copy. */

import type { DataType, Voxels } from "../../src/space/data-type.js";

const viewOf: Readonly<Record<DataType, (buffer: ArrayBuffer) => Voxels>> = {
  uint8: (buffer) => new Uint8Array(buffer),
  int8: (buffer) => new Int8Array(buffer),
  uint16: (buffer) => new Uint16Array(buffer),
  int16: (buffer) => new Int16Array(buffer),
  uint32: (buffer) => new Uint32Array(buffer),
  int32: (buffer) => new Int32Array(buffer),
  uint64: (buffer) => new BigUint64Array(buffer),
  int64: (buffer) => new BigInt64Array(buffer),
  float32: (buffer) => new Float32Array(buffer),
  float64: (buffer) => new Float64Array(buffer),
};

/** The voxels in the bytes of a whole buffer, little-endian like every platform that runs JavaScript. */
export function voxelsOfBytes(dataType: DataType, { buffer }: Uint8Array<ArrayBuffer>): Voxels {
  return viewOf[dataType](buffer);
}
