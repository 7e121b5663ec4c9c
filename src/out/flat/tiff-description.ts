import type { VolumeInfo } from "../volume-writer.js";
import { asciiJson } from "./ascii-json.js";

/**
 * What a TIFF file says in words. ImageJ reads its own words, and finds all pages behind the first; tifffile reads them
 * too. Lengths are in nm; the origin is in pixels, and counted from it the corner of the first voxel lies where it is in
 * project space.
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
    // For those who look: no program reads these.
    ...Object.fromEntries(Object.entries(sourceOf(info)).map(([key, value]) => [key, asciiJson(value)])),
  };
  return Object.entries(lines)
    .map(([key, value]) => `${key}=${value}\n`)
    .join("");
}

/** The words of tifffile, which are JSON: for voxels that ImageJ does not open. */
export function shapedDescription(info: VolumeInfo): string {
  const { shape, resolution, position } = info;
  return asciiJson({ shape, unit: "nm", resolution, position, ...sourceOf(info) });
}

function sourceOf({ projectAxes, stack, mirror, zoomLevel }: VolumeInfo): Readonly<Record<string, unknown>> {
  return { axes: projectAxes.join("").toUpperCase(), stack, mirror, zoomLevel };
}
