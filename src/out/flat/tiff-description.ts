import type { VolumeInfo } from "../volume-writer.js";
import { asciiJson } from "./ascii-json.js";

/**
 * The ImageDescription of a TIFF file in ImageJ's own format, which tifffile reads too. It tells ImageJ that all pages
 * follow the first without gaps. Lengths are in nm. The origin is in pixels and is chosen so that the corner of the first
 * voxel has its coordinates of project space.
 */
export function imageJDescription(info: VolumeInfo): string {
  const { shape, resolution, position } = info;
  const originOf = (axis: 0 | 1 | 2): number => -position[axis] / resolution[axis];
  const lines = {
    ImageJ: "1.53t",
    images: shape[0],
    slices: shape[0],
    unit: "nm",
    spacing: resolution[0],
    loop: false,
    xorigin: originOf(2),
    yorigin: originOf(1),
    zorigin: originOf(0),
    // These lines are for people; no program reads them.
    ...Object.fromEntries(Object.entries(sourceOf(info)).map(([key, value]) => [key, asciiJson(value)])),
  };
  return Object.entries(lines)
    .map(([key, value]) => `${key}=${value}\n`)
    .join("");
}

/** The ImageDescription in tifffile's format, which is JSON: for data types that ImageJ does not open. */
export function shapedDescription(info: VolumeInfo): string {
  const { shape, resolution, position } = info;
  return asciiJson({ shape, unit: "nm", resolution, position, ...sourceOf(info) });
}

function sourceOf({ projectAxes, stack, mirror, zoomLevel }: VolumeInfo): Readonly<Record<string, unknown>> {
  return { axes: projectAxes.join("").toUpperCase(), stack, mirror, zoomLevel };
}
