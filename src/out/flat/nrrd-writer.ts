import type { Bytes } from "../../space/bytes.js";
import type { DataType } from "../../space/data-type.js";
import { bytesPerVoxel } from "../../space/data-type.js";
import type { ByteSink } from "../sink/byte-sink.js";
import type { VolumeInfo } from "../volume-writer.js";
import { asciiJson } from "./ascii-json.js";
import { type FlatFileOptions, FlatFileWriter } from "./flat-file-writer.js";

/**
 * Writes a volume as a NRRD file (NRRD0005, raw, header and voxels in one file) of the volume's data type. NRRD names the
 * fastest axis first, so readers see the volume's axes in reverse order. Voxel size and position are in project space, in
 * nm, whatever the volume's axis order; NRRD's origin is the centre of the first voxel.
 *
 * @example
 * ```ts
 * import { fileSink, NrrdWriter } from "catmaid-image/out";
 * await fetcher.get(roi, { out: new NrrdWriter(await fileSink("volume.nrrd")) });
 * ```
 */
export class NrrdWriter extends FlatFileWriter {
  constructor(sink: ByteSink, options: FlatFileOptions = {}) {
    super(sink, nrrdHeader, options);
  }
}

const typeNames: Partial<Readonly<Record<DataType, string>>> = { float32: "float", float64: "double" };

function nrrdHeader(info: VolumeInfo): Bytes {
  const { shape, dataType, projectAxes, resolution, position, stack, mirror, zoomLevel } = info;
  const fastestFirst = [2, 1, 0] as const;
  const vector = (along: (axis: 0 | 1 | 2) => number): string => {
    const values = { x: 0, y: 0, z: 0 };
    for (const axis of fastestFirst) values[projectAxes[axis]] = along(axis);
    return `(${values.x},${values.y},${values.z})`;
  };
  const directions = fastestFirst.map((of) => vector((axis) => (axis === of ? resolution[axis] : 0)));
  const lines = [
    "NRRD0005",
    `type: ${typeNames[dataType] ?? dataType}`,
    "dimension: 3",
    "space dimension: 3",
    `sizes: ${fastestFirst.map((axis) => shape[axis]).join(" ")}`,
    `space directions: ${directions.join(" ")}`,
    "kinds: domain domain domain",
    ...(bytesPerVoxel(dataType) > 1 ? ["endian: little"] : []),
    "encoding: raw",
    'space units: "nm" "nm" "nm"',
    `space origin: ${vector((axis) => position[axis] + resolution[axis] / 2)}`,
    ...Object.entries({ stack, mirror, zoomLevel }).map(keyAndValue),
    "",
    "",
  ];
  return new TextEncoder().encode(lines.join("\n"));
}

/** A custom key of NRRD with its value. The value is free text, in which a backslash must be escaped. */
function keyAndValue([key, value]: readonly [string, unknown]): string {
  return `${key}:=${asciiJson(value).replaceAll("\\", "\\\\")}`;
}
