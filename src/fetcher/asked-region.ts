import type { GetOptions } from "../fetch/get-options.js";
import { checkGetOptions } from "../fetch/get-options.js";
import type { VolumeRequest } from "../fetch/get-volume.js";
import type { ResolvedOptions } from "../options/image-fetcher-options.js";
import type { VolumeOut } from "../out/volume-out.js";
import type { Roi } from "../space/roi.js";
import { scaledRoi } from "../stack/scaled-roi.js";
import type { Stack } from "../stack/stack.js";

/** What of a fetch its ROI and its options say, and not the state of the fetcher. */
export type AskedRegion<O extends VolumeOut | undefined> = Omit<
  VolumeRequest<O>,
  "mirror" | "failover" | "access" | "scheduler" | "packBytes" | "signals"
>;

/** Checks what `get` is given, and fills in the fetcher's own options. */
export function askedRegion<O extends VolumeOut | undefined>(
  stack: Stack,
  fetcherOptions: ResolvedOptions,
  roi: Roi,
  options: GetOptions<O>,
): AskedRegion<O> {
  checkGetOptions(options);
  const { roiMode = "stack", zoomLevel = 0, onProgress, onFilled } = options;
  const { outputOrientation, brokenSliceHandling, fillValue, dataType, maxRequests } = fetcherOptions;
  stack.checkZoomLevel(zoomLevel);
  const [lower, upper] = scaledRoi(stack, roi, roiMode, zoomLevel, outputOrientation);
  return {
    stack,
    orientation: outputOrientation,
    lower,
    upper,
    zoomLevel,
    brokenSliceHandling,
    fillValue,
    dataType,
    missingTile: options.missingTile ?? fetcherOptions.missingTile,
    onTileError: options.onTileError ?? "throw",
    maxRequests,
    maxMemoryBytes: options.maxMemoryBytes ?? fetcherOptions.maxMemoryBytes,
    out: options.out as O,
    listeners: { onProgress, onFilled },
  };
}
