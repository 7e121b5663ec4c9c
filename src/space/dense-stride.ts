import type { Triple } from "./axis-order.js";

/** Strides, in elements, of a dense array in C order of its own axes. */
export function denseStride(shape: Triple): Triple {
  return [shape[1] * shape[2], shape[2], 1];
}
