import type { Json } from "./json-file.js";
import type { VolumeInfo } from "./volume-writer.js";

/**
 * Where a volume is from and what of it is no image: what formats have no words of their own for, under the key
 * `catmaid-image`. Triples are in output axis order; the corner is that of the first voxel.
 *
 * @param fills - How many files hold fill, by the cause.
 */
export function datasetDescription(info: VolumeInfo, fills: Readonly<Record<string, number>>): Json {
  return {
    stack: { id: info.stack.id, title: info.stack.title },
    mirror: { position: info.mirror.position, title: info.mirror.title },
    zoomLevel: info.zoomLevel,
    orientation: info.orientation,
    origin: info.origin,
    corner: info.position,
    resolution: info.resolution,
    unit: "nanometer",
    filled: fills,
  };
}
