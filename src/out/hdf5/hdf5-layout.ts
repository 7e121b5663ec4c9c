import { InvalidOutError } from "../../errors.js";
import { sidecarText } from "../flat/sidecar.js";
import type { VolumeInfo, VolumeReport } from "../volume-writer.js";
import type { FrameRequest } from "./hdf5-frame.js";

/** Where a volume is in a file, and which attributes it has: `"plain"`, or the form of the CREMI challenge. */
export type Hdf5Layout = "plain" | "cremi";

/** A volume's path and attributes in a layout. */
type Laid = Pick<FrameRequest, "dataset" | "attributes" | "fileAttributes">;

/**
 * Chooses a volume's path and attributes. `report`: of the fetch, once it is complete.
 *
 * @throws InvalidOutError for axes or data types that CREMI's files cannot hold.
 */
export function layOut(
  layout: Hdf5Layout,
  dataset: string,
  info: VolumeInfo,
  report?: Partial<VolumeReport>,
): Laid {
  const common = {
    resolution: info.resolution,
    "catmaid-image": sidecarText(info, report),
  };
  if (layout === "plain") {
    const place = { offset: info.position, axes: info.projectAxes, unit: "nm" };
    return { dataset, attributes: { ...common, ...place }, fileAttributes: {} };
  }
  checkCremi(info);
  const { stack, mirror, zoomLevel, position, isLabels } = info;
  const comment = `stack ${stack.id ?? ""} "${stack.title}", mirror "${mirror.title}", zoom level ${zoomLevel}`;
  const offset = position.every((value) => value === 0) ? {} : { offset: position };
  return {
    dataset: isLabels ? "volumes/labels/neuron_ids" : "volumes/raw",
    attributes: { ...common, ...offset, comment },
    fileAttributes: { file_format: "0.2" },
  };
}

function checkCremi({ projectAxes, dataType, isLabels }: VolumeInfo): void {
  const axes = projectAxes.join(", ");
  if (axes !== "z, y, x") {
    throw new InvalidOutError(
      `CREMI's volumes have the axes z, y, x, and this one ${axes}: take layout "plain"`,
    );
  }
  const wanted = isLabels ? "uint64" : "uint8";
  if (dataType !== wanted) {
    throw new InvalidOutError(
      `CREMI's ${isLabels ? "labels" : "images"} are ${wanted}, and these voxels ${dataType}: take layout "plain"`,
    );
  }
}
