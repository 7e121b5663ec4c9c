/** The memory of a volume: grey values, whole numbers from 0 to 255, whatever else its type could hold. */
export type VoxelArray =
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

const names: ReadonlySet<string> = new Set([
  "Uint8Array",
  "Uint8ClampedArray",
  "Uint16Array",
  "Int16Array",
  "Uint32Array",
  "Int32Array",
  "Float32Array",
  "Float64Array",
]);

/** Whether a value is an array that voxels can be put into. */
export function isVoxelArray(value: unknown): value is VoxelArray {
  // By tag: an array of another realm (an iframe, a test runner's context) is as good.
  return ArrayBuffer.isView(value) && names.has(Object.prototype.toString.call(value).slice(8, -1));
}

/** Whether each voxel of an array is a byte. */
export function isByteArray(data: VoxelArray): data is Uint8Array | Uint8ClampedArray {
  return data.BYTES_PER_ELEMENT === 1;
}
