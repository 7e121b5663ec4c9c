import type { N5Attributes } from "./n5-attributes.js";

/**
 * How a zoom level is downsampled by the attributes: in those of the level itself, or, for all levels, in those of a
 * folder above it. In the order of the dataset's axes.
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
