import type { N5Attributes } from "./n5-attributes.js";

/**
 * The downsampling factors that the attributes declare for a zoom level, in the order of the dataset's axes. They are
 * in the attributes of the level itself or, for all levels together, in those of a folder above it.
 */
export function declaredFactors(
  zoomLevel: number,
  level: N5Attributes,
  folders: readonly N5Attributes[],
): readonly number[] | undefined {
  const lists = folders.flatMap(({ downsamplingFactors, scales }) => [downsamplingFactors, scales]);
  const candidates = [
    level["downsamplingFactors"],
    ...lists.map((list) => (Array.isArray(list) ? (list[zoomLevel] as unknown) : undefined)),
  ];
  return candidates.find(isVector);
}

function isVector(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length >= 3 && value.every((factor) => Number.isFinite(factor));
}
