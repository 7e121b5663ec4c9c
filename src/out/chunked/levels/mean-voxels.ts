import type { Triple } from "../../../space/axis-order.js";
import type { Voxels } from "../../../space/data-type.js";
import { createVoxels, type DataType, isBigInt, isFloating } from "../../../space/data-type.js";

/**
 * Divides voxels into adjacent boxes and returns the mean of each. Boxes at the end may be smaller. Means of integers are
 * rounded, halves up. Sums of integers are exact; floating-point numbers are added as doubles.
 *
 * @param shape - Shape of `voxels`, which are in C order.
 * @param step - Extent of a box.
 */
export function meanVoxels(voxels: Voxels, dataType: DataType, shape: Triple, step: Triple): Voxels {
  if (isBigInt(dataType)) return meanOfBigInts(voxels as Voxels<"uint64" | "int64">, dataType, shape, step);
  const numbers = voxels as Voxels<"float64">;
  const [planes, rows, columns] = stepsIn(shape, step);
  const means = createVoxels(dataType, planes * rows * columns) as Voxels<"float64">;
  const sums = new Float64Array(columns);
  const round = !isFloating(dataType);
  for (let row = 0; row < planes * rows; row++) {
    sums.fill(0);
    let added = 0;
    for (const start of rowsOf(row, rows, shape, step)) {
      addRow(numbers, start, shape[2], step[2], sums);
      added++;
    }
    for (let column = 0; column < columns; column++) {
      const count = added * Math.min(step[2], shape[2] - column * step[2]);
      const mean = (sums[column] as number) / count;
      means[row * columns + column] = round ? Math.floor(mean + 0.5) : mean;
    }
  }
  return means;
}

/** How many boxes there are along each axis. */
export function stepsIn(shape: Triple, step: Triple): Triple {
  return [Math.ceil(shape[0] / step[0]), Math.ceil(shape[1] / step[1]), Math.ceil(shape[2] / step[2])];
}

/** The start of each row of voxels that belongs to a row of boxes. */
function* rowsOf(row: number, rows: number, shape: Triple, step: Triple): Generator<number> {
  const plane = Math.floor(row / rows) * step[0];
  const line = (row % rows) * step[1];
  for (let i = plane; i < Math.min(shape[0], plane + step[0]); i++) {
    for (let j = line; j < Math.min(shape[1], line + step[1]); j++) yield (i * shape[1] + j) * shape[2];
  }
}

function addRow(
  numbers: Voxels<"float64">,
  start: number,
  columns: number,
  step: number,
  sums: Float64Array,
): void {
  if (step === 1) {
    for (let k = 0; k < columns; k++) sums[k] = (sums[k] as number) + (numbers[start + k] as number);
    return;
  }
  for (let k = 0, column = 0; k < columns; column++) {
    let sum = sums[column] as number;
    for (const end = Math.min(columns, k + step); k < end; k++) sum += numbers[start + k] as number;
    sums[column] = sum;
  }
}

function meanOfBigInts(
  voxels: Voxels<"uint64" | "int64">,
  dataType: DataType,
  shape: Triple,
  step: Triple,
): Voxels {
  const [planes, rows, columns] = stepsIn(shape, step);
  const means = createVoxels(dataType, planes * rows * columns) as Voxels<"uint64" | "int64">;
  for (let row = 0; row < planes * rows; row++) {
    const starts = [...rowsOf(row, rows, shape, step)];
    for (let column = 0; column < columns; column++) {
      const [from, to] = [column * step[2], Math.min(shape[2], (column + 1) * step[2])];
      let sum = 0n;
      for (const start of starts) for (let k = from; k < to; k++) sum += voxels[start + k] as bigint;
      means[row * columns + column] = roundedQuotient(sum, BigInt(starts.length * (to - from)));
    }
  }
  return means;
}

/** Divides bigints and rounds halves up, as for numbers. The operator `/` would round towards 0. */
function roundedQuotient(sum: bigint, count: bigint): bigint {
  const doubled = 2n * sum + count;
  const quotient = doubled / (2n * count);
  return doubled < 0n && quotient * 2n * count !== doubled ? quotient - 1n : quotient;
}
