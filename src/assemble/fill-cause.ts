/** Why voxels inside the stack hold the fill value. */
export type FillCause =
  /** The server says that there is no such block. */
  | "missing"
  /** The section is declared broken and `brokenSliceHandling` is `"fill"`. */
  | "broken-slice"
  /** The stack has these voxels, this mirror does not (`bounds`, `offset`). */
  | "not-held"
  /** The block ends before the stack does. */
  | "short-tile"
  /** The block could not be had and `onTileError` is `"fill"`. */
  | "failed";
