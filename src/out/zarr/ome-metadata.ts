/** The metadata that make a group of Zarr arrays an image (https://ngff.openmicroscopy.org). */

import type { LevelInfo } from "../chunked/chunk-format.js";
import type { Json } from "../json-file.js";
import type { VolumeInfo } from "../volume-writer.js";

/**
 * The metadata `multiscales`, and for labels `image-label`. Axes have the names of project space. By the specification, the
 * translation of an array is the centre of its first voxel, so viewers show the voxels where CATMAID does.
 *
 * @param version - The version to put into each of the two for OME-Zarr 0.4; `{}` for 0.5, which has it one level above.
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
  // `image-label` has no colors: if it had, napari would show only the labels that have one.
  return info.isLabels ? { multiscales, "image-label": { ...version } } : { multiscales };
}

/** Path of a level's array. */
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
