import { InvalidOutError } from "../errors.js";
import type { Triple } from "../space/axis-order.js";
import type { DataType, VoxelArray } from "../space/data-type.js";
import { createVoxels, dataTypeOf, holdersOf, holdsDataType, isVoxelArray } from "../space/data-type.js";
import { denseStride } from "../space/dense-stride.js";
import { perAxis } from "../space/per-axis.js";
import { volumeShape, voxelsIn } from "./volume-shape.js";
import type { VolumeWriter } from "./volume-writer.js";

export type { VoxelArray } from "../space/data-type.js";

/** An array with strides, in output axis order, such as an `ndarray` or a zarrita chunk. */
export interface NdArrayLike<D extends VoxelArray = VoxelArray> {
  /** The memory. */
  readonly data: D;
  /** Extent per axis, in voxels. */
  readonly shape: ArrayLike<number>;
  /** Distance between neighbours per axis, in elements; may be negative. */
  readonly stride: ArrayLike<number>;
  /** Index of the first voxel. Default: 0. */
  readonly offset?: number;
}

/** A numjs array, which CATMAID's front-end uses: it wraps an array with strides. */
export interface NumjsArrayLike<D extends VoxelArray = VoxelArray> {
  /** The array. */
  readonly selection: NdArrayLike<D>;
}

/** Where a volume goes: a typed array of its length, an array with strides of its shape, or a writer. */
export type VolumeOut<D extends DataType = DataType> =
  | VoxelArray
  | NdArrayLike
  | NumjsArrayLike
  | VolumeWriter<D>;

/** Memory that holds a volume. */
export interface VolumeMemory {
  readonly data: VoxelArray;
  readonly offset: number;
  readonly stride: Triple;
}

/** A checked {@link VolumeOut}. */
export type ResolvedOut =
  | { readonly kind: "new" }
  | ({ readonly kind: "memory" } & VolumeMemory)
  | {
      readonly kind: "writer";
      readonly writer: VolumeWriter;
      readonly chunkShape: Triple | undefined;
      readonly concurrency: number;
    };

/** Checks that `out` can take a volume of this shape and data type. Throws an {@link InvalidOutError} that says why not. */
export function resolveOut(out: VolumeOut | undefined, shape: Triple, dataType: DataType): ResolvedOut {
  if (out === undefined) return { kind: "new" };
  if (isVoxelArray(out)) {
    requireDataType("out", out, dataType);
    if (out.length !== voxelsIn(shape)) {
      throw new InvalidOutError(
        `out has ${out.length} elements, and the region has ${voxelsIn(shape)} voxels (shape ${shape.join(" × ")})`,
      );
    }
    return { kind: "memory", data: out, offset: 0, stride: denseStride(shape) };
  }
  if (typeof out === "object" && out !== null) {
    if ("write" in out && typeof out.write === "function") return resolveWriter(out, shape);
    const array = "selection" in out ? out.selection : out;
    if (typeof array === "object" && array !== null && "data" in array)
      return resolveNdArray(array, shape, dataType);
  }
  throw new InvalidOutError(
    `out must be a typed array, { data, shape, stride } of one, or a VolumeWriter; got ${describe(out)}`,
  );
}

function resolveWriter(writer: VolumeWriter, shape: Triple): ResolvedOut {
  if (writer.shape !== undefined) requireShape("the shape of the out writer", writer.shape, shape);
  for (const name of ["begin", "has", "flush", "abort"] as const) {
    if (writer[name] === undefined || typeof writer[name] === "function") continue;
    throw new InvalidOutError(`${name} of the out writer must be a function, got ${describe(writer[name])}`);
  }
  const { chunkShape, concurrency = 1 } = writer;
  if (!Number.isSafeInteger(concurrency) || concurrency < 1) {
    throw new InvalidOutError(`concurrency must be a whole number above 0, got ${String(concurrency)}`);
  }
  if (chunkShape === undefined) return { kind: "writer", writer, chunkShape, concurrency };
  // A writer that does not know the volume yet may ask for whole sections with chunks that are larger than any volume.
  const asked = volumeShape("chunkShape", chunkShape);
  const within = perAxis((axis) => Math.min(asked[axis], shape[axis]));
  return { kind: "writer", writer, chunkShape: within, concurrency };
}

function resolveNdArray(out: NdArrayLike, shape: Triple, dataType: DataType): ResolvedOut {
  const { data, offset = 0 } = out;
  if (!isVoxelArray(data)) {
    throw new InvalidOutError(
      `out.data must be a typed array, got ${describe(data)}` +
        (Array.isArray(data) ? ': make the array with a dtype such as "uint8"' : ""),
    );
  }
  requireDataType("out.data", data, dataType);
  requireShape("out.shape", out.shape, shape);
  const stride = triple("out.stride", out.stride);
  if (!Number.isSafeInteger(offset) || !stride.every(Number.isSafeInteger)) {
    throw new InvalidOutError(
      `out.stride and out.offset must be whole numbers, got ${list(stride)} and ${offset}`,
    );
  }
  checkApart(shape, stride);
  let first = offset;
  let last = offset;
  shape.forEach((extent, axis) => {
    const reach = (extent - 1) * (stride[axis] as number);
    if (reach < 0) first += reach;
    else last += reach;
  });
  if (first < 0 || last >= data.length) {
    throw new InvalidOutError(
      `out reaches from element ${first} to ${last} of its data, which has ${data.length} elements`,
    );
  }
  return { kind: "memory", data, offset, stride };
}

/** Throws an {@link InvalidOutError} unless the array can hold every value of the data type unchanged. */
function requireDataType(name: string, array: VoxelArray, dataType: DataType): void {
  const given = dataTypeOf(array);
  if (given !== undefined && holdsDataType(given, dataType)) return;
  throw new InvalidOutError(
    `${name} is a ${describe(array)}, which does not hold ${dataType} voxels: give an array of ${holdersOf(dataType).join(", ")}`,
  );
}

/** Throws an {@link InvalidOutError} unless each stride exceeds the reach of the smaller ones, so that no voxels overlap. */
function checkApart(shape: Triple, stride: Triple): void {
  const axes = shape
    .map((extent, axis) => ({ extent, step: Math.abs(stride[axis] as number) }))
    .filter(({ extent }) => extent > 1)
    .sort((a, b) => a.step - b.step);
  let reach = 0;
  for (const { extent, step } of axes) {
    if (step === 0) throw new InvalidOutError("out.stride must not be 0: voxels would share an element");
    if (step <= reach) {
      throw new InvalidOutError(
        "out.stride must keep the voxels apart, each stride exceeding the span of the smaller ones: " +
          `got ${list(stride)} for the shape ${shape.join(" × ")}`,
      );
    }
    reach += (extent - 1) * step;
  }
}

function requireShape(name: string, actual: ArrayLike<number>, expected: Triple): void {
  const given = triple(name, actual);
  if (given.every((extent, axis) => extent === expected[axis])) return;
  throw new InvalidOutError(
    `${name} is ${given.join(" × ")}, and the region's shape is ${expected.join(" × ")}`,
  );
}

function triple(name: string, values: ArrayLike<number>): Triple {
  const given = Array.from(values ?? []);
  if (given.length !== 3) throw new InvalidOutError(`${name} must have three entries, got ${list(given)}`);
  return given as unknown as Triple;
}

/** New memory for a volume. Throws an {@link InvalidOutError} if the volume does not fit into one array. */
export function newMemory(shape: Triple, dataType: DataType): VolumeMemory {
  try {
    return { data: createVoxels(dataType, voxelsIn(shape)), offset: 0, stride: denseStride(shape) };
  } catch (cause) {
    throw new InvalidOutError(
      `a region of ${shape.join(" × ")} voxels does not fit into one array: give a VolumeWriter as out, or ask for less`,
      { cause },
    );
  }
}

function list(values: ArrayLike<number>): string {
  return `[${Array.from(values).join(", ")}]`;
}

function describe(value: unknown): string {
  if (value === null || !["object", "function"].includes(typeof value)) return String(value);
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}
