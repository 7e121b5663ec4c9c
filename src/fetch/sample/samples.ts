import type { FillCause } from "../../assemble/fill-cause.js";
import type { Bytes } from "../../space/bytes.js";
import type { DataType, Voxels } from "../../space/data-type.js";
import type { FetchReport } from "../fetch-report.js";

/**
 * Why a point has no voxel: it is outside the stack or in a voxel that lies partly outside and that the mirror lacks, or
 * its block was filled for one of the other causes.
 */
export type SampleCause = FillCause | "outside";

/** The voxels under points. */
export interface Samples<D extends DataType = "uint8"> {
  /** The voxel of each point, in the order of the points; the fill value if a point has no voxel. */
  readonly data: Voxels<D>;
  /** For each point 1 if it has a voxel, and 0 if `data` has the fill value. */
  readonly mask: Bytes;
  /** Data type of the mirror's voxels. */
  readonly dataType: D;
  /** Zoom level of the voxels. */
  readonly zoomLevel: number;
  /** What was fetched, and what could not be. Its `outside` counts points. */
  readonly report: FetchReport;
  /**
   * Why a point has no voxel; `undefined` if it has one.
   *
   * @param point - Index of the point in the list, from 0.
   */
  causeOf(point: number): SampleCause | undefined;
}
