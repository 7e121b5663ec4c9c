import { bytesPerVoxel, type DataType, isFloating } from "../space/data-type.js";
import type { Stack } from "../stack/stack.js";

/**
 * Whether voxels are names of objects, by what CATMAID knows of the stack or by their type: nobody has grey values of
 * 32 bits or more that are whole numbers.
 */
export function isLabelData({ metadata }: Pick<Stack, "metadata">, dataType: DataType): boolean {
  const { catmaidLabelMeta } = (metadata ?? {}) as { readonly catmaidLabelMeta?: unknown };
  return Boolean(catmaidLabelMeta) || (!isFloating(dataType) && bytesPerVoxel(dataType) >= 4);
}
