import { InvalidOutError } from "../../errors.js";
import { refuseUnknown, wholeNumber } from "../../options/check-option.js";
import type { Bytes } from "../../space/bytes.js";
import type { ChunkedDataset, ChunkFormat } from "../chunked/chunk-format.js";
import { sidecarText } from "../flat/sidecar.js";
import { PngSections } from "./png-sections.js";

/** How a series of PNGs is written. */
export interface PngSeriesOptions {
  /** How hard zlib tries, 0 to 9; browsers have one level only. Default: 6. */
  readonly level?: number | undefined;
}

const optionNames = new Set(["level"]);

/** PNG has 31 bits for a side: longer than any volume. */
const wholeSide = 2 ** 31 - 1;

/**
 * A PNG for each plane of the volume's slowest axis, grey, of 8 or 16 bits: `0000.png`, `0001.png`, … . Its columns are the
 * fastest axis. What PNG has no place for, such as the size of a voxel, is in `volume.json`.
 *
 * @throws InvalidOptionError for what is no such option.
 */
export function pngSeriesFormat(options: PngSeriesOptions = {}): ChunkFormat {
  refuseUnknown(options, optionNames, "a PNG series");
  const level = wholeNumber("level", options.level ?? 6, 0, 9);
  return {
    name: "png",
    options: { level },
    unitShape: [1, wholeSide, wholeSide],
    layOut(info, levels): ChunkedDataset {
      const { dataType, shape } = info;
      if (dataType !== "uint8" && dataType !== "uint16") {
        throw new InvalidOutError(
          `a PNG has uint8 or uint16 voxels, not ${dataType}: take OME-Zarr, N5, HDF5, TIFF or NRRD`,
        );
      }
      if (levels.length > 1) {
        throw new InvalidOutError(
          `a PNG series has one level, and ${levels.length} are to be written: take OME-Zarr, N5 or precomputed`,
        );
      }
      return {
        levels: [new PngSections(shape, dataType, level)],
        // How many sections hold fill, by the cause.
        metadata: (fills) => [
          { path: "volume.json", bytes: textBytes(sidecarText(info, {}, { filled: fills })) },
        ],
      };
    },
  };
}

function textBytes(text: string): Bytes {
  return new TextEncoder().encode(text);
}
