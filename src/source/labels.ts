import { bytesPerVoxel, type DataType, isFloating } from "../space/data-type.js";
import type { Stack } from "../stack/stack.js";

/**
 * Whether voxels are names of objects. CATMAID's metadata of the stack may say so; so does the data type, because grey
 * values are never integers of 32 bits or more.
 */
export function isLabelData({ metadata }: Pick<Stack, "metadata">, dataType: DataType): boolean {
  const { catmaidLabelMeta } = (metadata ?? {}) as { readonly catmaidLabelMeta?: unknown };
  return Boolean(catmaidLabelMeta) || (!isFloating(dataType) && bytesPerVoxel(dataType) >= 4);
}
