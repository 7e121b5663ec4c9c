import { type Json, jsonText } from "../json-file.js";
import type { VolumeInfo, VolumeReport } from "../volume-writer.js";

/**
 * What must be known to read a volume again, and of what it is: the text of a JSON file beside it. Triples are in the
 * order of the volume's axes, slowest first; `axes` are those of project space, `position` is the corner of the first voxel
 * in nm. Whole numbers of 64 bits have all their digits.
 *
 * @param report - What became of the fetch: the blocks that were filled, and why. Left out where it is not known yet.
 * @param more - Members to add, or to put in place of those.
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

/** Only what is plain data: the report of a fetch has more. */
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
