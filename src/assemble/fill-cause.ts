/** Why voxels inside the stack hold the fill value. */
export type FillCause =
  /** The server says that the block does not exist. */
  | "missing"
  /** The section is declared broken and `brokenSliceHandling` is `"fill"`. */
  | "broken-slice"
  /** The stack has these voxels, but this mirror does not (`bounds`, `offset`). */
  | "not-held"
  /** The block ends before the stack does. */
  | "short-tile"
  /** The block could not be fetched or decoded, and `onTileError` is `"fill"`. */
  | "failed";
