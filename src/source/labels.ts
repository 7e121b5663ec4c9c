import type { DataType } from "../space/data-type.js";
import type { Stack } from "../stack/stack.js";

/** STUB until the N5 branch is merged. */
export function isLabelData({ metadata }: Pick<Stack, "metadata">, dataType: DataType): boolean {
  return (
    Boolean((metadata as { catmaidLabelMeta?: unknown } | null)?.catmaidLabelMeta) ||
    /^u?int(32|64)$/.test(dataType)
  );
}
