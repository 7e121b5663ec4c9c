import type { Json } from "./json-file.js";
import type { VolumeInfo } from "./volume-writer.js";

/**
 * Describes where a volume comes from and which of its files hold fill. Formats have no fields for this, so they store it
 * under the key `catmaid-image`. Triples are in output axis order; `corner` is the corner of the first voxel, in nm.
 *
 * @param fills - How many files hold fill, by cause.
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
