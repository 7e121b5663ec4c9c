/** What makes a group of Zarr arrays an image (https://ngff.openmicroscopy.org). */

import type { LevelInfo } from "../chunked/chunk-format.js";
import type { Json } from "../json-file.js";
import type { VolumeInfo } from "../volume-writer.js";

/**
 * The metadata `multiscales`, and for labels `image-label`. Axes have the names of project space; an array's place is by the
 * specification that of the centre of its first voxel, so that viewers show it where CATMAID does.
 *
 * @param version - What each of them says of its version: in 0.4 they do themselves, in 0.5 what they are in.
 */
export function imageMetadata(
  info: VolumeInfo,
  levels: readonly LevelInfo[],
  version: { readonly version?: string },
): { readonly [key: string]: Json } {
  const made = levels.at(-1)?.made ?? "fetched";
  const multiscales: Json = [
    {
      ...version,
      name: info.stack.title,
      type: made,
      metadata: { description: howMade[made], method: "catmaid-image" },
      axes: info.projectAxes.map((name) => ({ name, type: "space", unit: "nanometer" })),
      datasets: levels.map((level, index) => ({
        path: levelPath(index),
        coordinateTransformations: [
          { type: "scale", scale: level.resolution },
          { type: "translation", translation: centreOfFirstVoxel(level) },
        ],
      })),
    },
  ];
  // Without colors: napari shows no label but those that it has a colour for.
  return info.isLabels ? { multiscales, "image-label": { ...version } } : { multiscales };
}

/** Where the array of a level is. */
export function levelPath(level: number): string {
  return String(level);
}

const howMade: Readonly<Record<NonNullable<LevelInfo["made"]>, string>> = {
  fetched: "each level is a zoom level of CATMAID, as its mirror has it",
  mean: "a voxel is the mean of those of the level before that it covers",
  mode: "a voxel is the most frequent value of those of the level before that it covers",
};

function centreOfFirstVoxel({ position, resolution }: LevelInfo): readonly number[] {
  return position.map((corner, axis) => corner + (resolution[axis] as number) / 2);
}
