import { type Json, jsonText } from "../json-file.js";
import type { VolumeInfo, VolumeReport } from "../volume-writer.js";

/**
 * The text of a JSON file beside a volume: how to read the volume, and where it comes from. Triples are in the order of
 * the volume's axes, slowest first. `axes` are the axes of project space; `position` is the corner of the first voxel, in
 * nm. 64-bit integers are printed with all their digits.
 *
 * @param report - The fetch's report, with the blocks that were filled and why. Leave it out if it is not known yet.
 * @param more - Members to add; they replace members of the same names.
 */
export function sidecarText(
  info: VolumeInfo,
  report?: Partial<VolumeReport>,
  more: Readonly<Record<string, unknown>> = {},
): string {
  return jsonText({ ...describeVolume(info), ...(report && describeReport(report)), ...plainData(more) });
}

function describeVolume(info: VolumeInfo): Record<string, Json> {
  const { dataType, shape, projectAxes, resolution, position, orientation, origin, zoomLevel } = info;
  const { fillValue, isLabels, stack, mirror } = info;
  return {
    dtype: dataType,
    shape,
    axes: projectAxes,
    resolution,
    position,
    unit: "nm",
    orientation,
    origin,
    zoomLevel,
    // JSON has no NaN.
    fillValue: typeof fillValue === "number" && !Number.isFinite(fillValue) ? null : fillValue,
    isLabels,
    stack: { id: stack.id, title: stack.title },
    mirror: { position: mirror.position, title: mirror.title },
  };
}

/** The plain data of a report. A fetch's own report has other members too. */
function describeReport({ blocks, filled, replaced, outside }: Partial<VolumeReport>): Record<string, Json> {
  return plainData({
    blocks: blocks && numbersOf(blocks),
    filled: filled?.map(({ block, cause, url }) => ({ block, cause, url })),
    replaced: replaced?.map(({ section, sources }) => ({ section, sources })),
    outside,
  });
}

function numbersOf({
  planned,
  fetched,
  cached,
  filled,
  empty,
}: VolumeReport["blocks"]): VolumeReport["blocks"] {
  return { planned, fetched, cached, filled, empty };
}

function plainData(value: object): Record<string, Json> {
  return JSON.parse(JSON.stringify(value));
}
