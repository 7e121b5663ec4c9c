import type { Bytes } from "./bytes.js";

/** The number type of the voxels of a stack or a volume. */
export type DataType =
  | "uint8"
  | "int8"
  | "uint16"
  | "int16"
  | "uint32"
  | "int32"
  | "uint64"
  | "int64"
  | "float32"
  | "float64";

/** The array of voxels of a data type, or of any, on memory that is not shared: a `Uint16Array` for `"uint16"`. */
export type Voxels<D extends DataType = DataType> = {
  uint8: Bytes;
  int8: ReturnType<typeof Int8Array.of>;
  uint16: ReturnType<typeof Uint16Array.of>;
  int16: ReturnType<typeof Int16Array.of>;
  uint32: ReturnType<typeof Uint32Array.of>;
  int32: ReturnType<typeof Int32Array.of>;
  uint64: ReturnType<typeof BigUint64Array.of>;
  int64: ReturnType<typeof BigInt64Array.of>;
  float32: ReturnType<typeof Float32Array.of>;
  float64: ReturnType<typeof Float64Array.of>;
}[D];

/** An array that a volume can be put into. */
export type VoxelArray =
  | Uint8Array
  | Uint8ClampedArray
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

interface DataTypeFacts {
  readonly create: (length: number) => Voxels;
  /** Name of its typed array. */
  readonly array: string;
  readonly bytes: number;
  /** The largest range in which the type holds every integer. Rounded for types of 64 bits. */
  readonly range: readonly [least: number, most: number];
}

const facts: Readonly<Record<DataType, DataTypeFacts>> = {
  uint8: { create: (n) => new Uint8Array(n), array: "Uint8Array", bytes: 1, range: [0, 2 ** 8 - 1] },
  int8: { create: (n) => new Int8Array(n), array: "Int8Array", bytes: 1, range: [-(2 ** 7), 2 ** 7 - 1] },
  uint16: { create: (n) => new Uint16Array(n), array: "Uint16Array", bytes: 2, range: [0, 2 ** 16 - 1] },
  int16: {
    create: (n) => new Int16Array(n),
    array: "Int16Array",
    bytes: 2,
    range: [-(2 ** 15), 2 ** 15 - 1],
  },
  uint32: { create: (n) => new Uint32Array(n), array: "Uint32Array", bytes: 4, range: [0, 2 ** 32 - 1] },
  int32: {
    create: (n) => new Int32Array(n),
    array: "Int32Array",
    bytes: 4,
    range: [-(2 ** 31), 2 ** 31 - 1],
  },
  uint64: { create: (n) => new BigUint64Array(n), array: "BigUint64Array", bytes: 8, range: [0, 2 ** 64] },
  int64: {
    create: (n) => new BigInt64Array(n),
    array: "BigInt64Array",
    bytes: 8,
    range: [-(2 ** 63), 2 ** 63],
  },
  float32: {
    create: (n) => new Float32Array(n),
    array: "Float32Array",
    bytes: 4,
    range: [-(2 ** 24), 2 ** 24],
  },
  float64: {
    create: (n) => new Float64Array(n),
    array: "Float64Array",
    bytes: 8,
    range: [-(2 ** 53), 2 ** 53],
  },
};

/** All data types. */
export const dataTypes: readonly DataType[] = Object.freeze(Object.keys(facts) as DataType[]);

const typeOfArray: ReadonlyMap<string, DataType> = new Map([
  ...dataTypes.map((dataType) => [facts[dataType].array, dataType] as const),
  ["Uint8ClampedArray", "uint8"],
]);

/** A new array of voxels, all 0. */
export function createVoxels(dataType: DataType, length: number): Voxels {
  return facts[dataType].create(length);
}

/** Bytes of one voxel. */
export function bytesPerVoxel(dataType: DataType): number {
  return facts[dataType].bytes;
}

/** The data type of an array; `undefined` for anything that voxels cannot be put into. */
export function dataTypeOf(value: unknown): DataType | undefined {
  // By its tag, so that arrays of another realm (an iframe, a test runner's context) count too.
  if (!ArrayBuffer.isView(value)) return undefined;
  return typeOfArray.get(Object.prototype.toString.call(value).slice(8, -1));
}

/** Whether a value is an array that voxels can be put into. */
export function isVoxelArray(value: unknown): value is VoxelArray {
  return dataTypeOf(value) !== undefined;
}

/** Whether the voxels of a type are bigints. */
export function isBigInt(dataType: DataType): boolean {
  return facts[dataType].array.startsWith("Big");
}

/** Whether the voxels of a type are floating-point numbers. */
export function isFloating(dataType: DataType): boolean {
  return dataType.startsWith("float");
}

/** Whether one type can hold every value of another, unchanged. Numbers and bigints do not mix. */
export function holdsDataType(holder: DataType, held: DataType): boolean {
  if (holder === held) return true;
  if (isBigInt(holder) || isBigInt(held) || (isFloating(held) && !isFloating(holder))) return false;
  const [least, most] = facts[holder].range;
  return least <= facts[held].range[0] && most >= facts[held].range[1];
}

/** The data types that can hold every value of a type, starting with the type itself. */
export function holdersOf(held: DataType): readonly DataType[] {
  return [held, ...dataTypes.filter((holder) => holder !== held && holdsDataType(holder, held))];
}

/** Whether a voxel of a type can have a value: a bigint or a safe integer for integers of 64 bits, otherwise a number. */
export function holdsValue(dataType: DataType, value: unknown): value is number | bigint {
  if (isFloating(dataType)) {
    return typeof value === "number" && (dataType === "float64" || Object.is(Math.fround(value), value));
  }
  const [least, most] = facts[dataType].range;
  if (!isBigInt(dataType))
    return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
  if (typeof value !== "bigint" && !Number.isSafeInteger(value)) return false;
  const whole = BigInt(value as number | bigint);
  return whole === (dataType === "uint64" ? BigInt.asUintN(64, whole) : BigInt.asIntN(64, whole));
}

/** A value as an element of an array of the type: a bigint for integers of 64 bits. */
export function elementOf(dataType: DataType, value: number | bigint): number | bigint {
  return isBigInt(dataType) ? BigInt(value) : value;
}

/** Describes the values that a type can have, for messages. */
export function rangeOf(dataType: DataType): string {
  if (isFloating(dataType)) return `a number that ${dataType} holds exactly`;
  if (isBigInt(dataType)) return `a whole number of ${dataType}, as a bigint where it is not a safe number`;
  return `a whole number from ${facts[dataType].range.join(" to ")}`;
}
