import { InvalidOutError } from "../../errors.js";
import { refuseUnknown, wholeNumber } from "../../options/check-option.js";
import type { ChunkedDataset, ChunkFormat } from "../chunked/chunk-format.js";
import { sidecarText } from "../flat/sidecar.js";
import { PngSections } from "./png-sections.js";

/** How a series of PNGs is written. */
export interface PngSeriesOptions {
  /** Compression level of zlib, 0 to 9; browsers ignore it. Default: 6. */
  readonly level?: number | undefined;
}

const optionNames = new Set(["level"]);

/** The longest side of a PNG (31 bits), which exceeds any volume's: chunks of this side are whole sections. */
const wholeSide = 2 ** 31 - 1;

/**
 * The format of a grey PNG of 8 or 16 bits for each plane of the volume's slowest axis: `0000.png`, `0001.png`, … . A PNG's
 * columns run along the fastest axis. `volume.json` holds what PNG cannot, such as the voxel size.
 *
 * @throws InvalidOptionError for unknown or invalid options.
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
          `a PNG series has one level, and ${levels.length} are asked for: take OME-Zarr, N5 or precomputed`,
        );
      }
      return {
        levels: [new PngSections(shape, dataType, level)],
        // How many sections hold fill, by cause.
        metadata: (fills) => {
          const text = sidecarText(info, {}, { filled: fills });
          return [{ path: "volume.json", bytes: new TextEncoder().encode(text) }];
        },
      };
    },
  };
}
