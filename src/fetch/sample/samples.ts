import type { FillCause } from "../../assemble/fill-cause.js";
import type { Bytes } from "../../space/bytes.js";
import type { DataType, Voxels } from "../../space/data-type.js";
import type { FetchReport } from "../fetch-report.js";

/** Why there is no voxel for a point: it is beyond the stack, or what a report says of a block that was filled. */
export type SampleCause = FillCause | "outside";

/** The voxels that points lie in. */
export interface Samples<D extends DataType = "uint8"> {
  /** The voxel of each point, in the order of the points; the fill value where there is none. */
  readonly data: Voxels<D>;
  /** For each point 1 where there is a voxel, and 0 where `data` has the fill value. */
  readonly mask: Bytes;
  /** What a voxel is: the data type of the mirror's voxels. */
  readonly dataType: D;
  /** Zoom level of the voxels. */
  readonly zoomLevel: number;
  /** What was fetched, and all that could not be. Its `outside` counts points. */
  readonly report: FetchReport;
  /**
   * Why there is no voxel for a point; `undefined` where there is one.
   *
   * @param point - Its place in the list, from 0.
   */
  causeOf(point: number): SampleCause | undefined;
}
