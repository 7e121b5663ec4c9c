import type { Triple } from "../../../src/space/axis-order.js";
import type { Block } from "../../../src/space/block.js";
import type { DataType } from "../../../src/space/data-type.js";
import { createVoxels, elementOf } from "../../../src/space/data-type.js";

/** A block with the given voxels. */
export function blockOf(dataType: DataType, shape: Triple, values: readonly (number | bigint)[]): Block {
  const data = createVoxels(dataType, shape[0] * shape[1] * shape[2]);
  // The compiler sees a byte array here. The copy is the same for every type of number, and for bigints.
  (data as Uint8Array).set(values.map((value) => elementOf(dataType, value) as number));
  return { data, shape };
}

/** A block whose voxels count up. */
export function countUp(dataType: DataType, shape: Triple, from: number): Block {
  const length = shape[0] * shape[1] * shape[2];
  return blockOf(
    dataType,
    shape,
    Array.from({ length }, (_, i) => from + i),
  );
}
