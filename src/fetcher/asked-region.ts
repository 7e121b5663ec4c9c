import type { FetchRequest } from "../fetch/fetch-request.js";
import type { GetOptions, SampleOptions } from "../fetch/get-options.js";
import { checkGetOptions, checkSampleOptions } from "../fetch/get-options.js";
import type { RegionRequest } from "../fetch/plan-volume.js";
import type { PointsRequest } from "../fetch/sample/sample-points.js";
import type { ResolvedOptions } from "../options/image-fetcher-options.js";
import type { VolumeOut } from "../out/volume-out.js";
import type { Roi } from "../space/roi.js";
import type { Point } from "../stack/scaled-points.js";
import { checkPoints } from "../stack/scaled-points.js";
import { scaledRoi } from "../stack/scaled-roi.js";
import type { Stack } from "../stack/stack.js";

/** The part of a `FetchRequest` that the options determine, and not the state of the fetcher. */
export type AskedFetch = Omit<FetchRequest, "mirror" | "failover" | "access" | "scheduler" | "signals">;

/** The part of a request for a region that the ROI and the options determine. */
export type AskedRegion<O extends VolumeOut | undefined> = RegionRequest<O> & AskedFetch;

/** The part of a request for points that the points and the options determine. */
export type AskedPoints = Pick<PointsRequest, "points" | "roiMode" | "orientation"> & AskedFetch;

/** Checks the arguments of `get`, and fills in the fetcher's own options. */
export function askedRegion<O extends VolumeOut | undefined>(
  stack: Stack,
  fetcherOptions: ResolvedOptions,
  roi: Roi,
  options: GetOptions<O>,
): AskedRegion<O> {
  checkGetOptions(options);
  const fetch = askedFetch(stack, fetcherOptions, options);
  const orientation = fetcherOptions.outputOrientation;
  const { roiMode = "stack" } = options;
  const [lower, upper] = scaledRoi(stack, roi, roiMode, fetch.zoomLevel, orientation);
  return {
    ...fetch,
    orientation,
    lower,
    upper,
    maxMemoryBytes: options.maxMemoryBytes ?? fetcherOptions.maxMemoryBytes,
    out: options.out as O,
  };
}

/** Checks the arguments of `sample`, and fills in the fetcher's own options. */
export function askedPoints(
  stack: Stack,
  fetcherOptions: ResolvedOptions,
  points: readonly Point[],
  options: SampleOptions,
): AskedPoints {
  checkSampleOptions(options);
  checkPoints(points);
  return {
    ...askedFetch(stack, fetcherOptions, options),
    points,
    roiMode: options.roiMode ?? "stack",
    orientation: fetcherOptions.outputOrientation,
  };
}

function askedFetch(
  stack: Stack,
  {
    brokenSliceHandling,
    fillValue,
    channel,
    dataType,
    maxRequests,
    missingTile,
    emptyBlock,
  }: ResolvedOptions,
  options: SampleOptions,
): AskedFetch {
  const { zoomLevel = 0, onProgress, onFilled, onTileError = "throw" } = options;
  stack.checkZoomLevel(zoomLevel);
  return {
    stack,
    zoomLevel,
    brokenSliceHandling,
    fillValue,
    channel,
    dataType,
    missingTile: options.missingTile ?? missingTile,
    emptyBlock: options.emptyBlock ?? emptyBlock,
    onTileError,
    maxRequests,
    listeners: { onProgress, onFilled },
  };
}
