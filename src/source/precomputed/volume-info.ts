import { type DataType, dataTypes } from "../../space/data-type.js";
import { infoFault, isCount, isJsonObject, type JsonObject } from "./info-values.js";

/** What the `info` of a volume says about all of its scales. */
export interface VolumeInfo {
  /** The number type of a voxel. */
  readonly dataType: DataType;
  /** Whether voxels are names of objects. */
  readonly isSegmentation: boolean;
  /** Number of values that a voxel has. */
  readonly channels: number;
  /** The scales as they are in the `info`, usually finest first. Hidden scales count too. */
  readonly scales: readonly unknown[];
}

const volumeType = "neuroglancer_multiscale_volume";

/**
 * Reads an `info`.
 *
 * @param where - How messages name it.
 * @throws UnsupportedMirrorError if it cannot be read or makes no sense.
 */
export function volumeInfoOf(bytes: Uint8Array, where: string): VolumeInfo {
  const json = parsed(bytes, where);
  const type: unknown = json["@type"] ?? volumeType;
  if (type !== volumeType) throw infoFault(where, "the @type", type, `only ${volumeType} is read`);
  const kind = lowerCase(json["type"]);
  if (kind !== "image" && kind !== "segmentation") {
    throw infoFault(where, "the type", json["type"], "only image and segmentation are read");
  }
  const name = lowerCase(json["data_type"]);
  const dataType = dataTypes.find((known) => known === name);
  if (dataType === undefined) {
    throw infoFault(where, "the data_type", json["data_type"], `only ${dataTypes.join(", ")} are read`);
  }
  const channels: unknown = json["num_channels"] ?? 1;
  if (!isCount(channels)) throw infoFault(where, "num_channels", channels, "it must be a count");
  const { scales } = json;
  if (!Array.isArray(scales) || scales.length === 0) {
    throw infoFault(where, "the scales", scales, "they must be a list of one at least");
  }
  return { dataType, isSegmentation: kind === "segmentation", channels, scales };
}

function parsed(bytes: Uint8Array, where: string): JsonObject {
  const text = new TextDecoder().decode(bytes);
  let json: unknown = text.slice(0, 40);
  try {
    json = JSON.parse(text);
  } catch {
    // The message shows the beginning of the text, which says what it is: "<html>".
  }
  if (isJsonObject(json)) return json;
  throw infoFault(where, "the content", json, "it must be a JSON object; check image_base");
}

function lowerCase(value: unknown): string | undefined {
  return typeof value === "string" ? value.toLowerCase() : undefined;
}
