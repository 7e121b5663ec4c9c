import { InvalidOutError } from "../../errors.js";
import { oneOf } from "../../options/check-option.js";
import type { Bytes } from "../../space/bytes.js";
import type { DataType } from "../../space/data-type.js";
import type { ByteSink } from "../sink/byte-sink.js";
import type { VolumeInfo } from "../volume-writer.js";
import { type FlatFileOptions, FlatFileWriter } from "./flat-file-writer.js";
import { type TiffForm, tiffHeader } from "./tiff-header.js";

/** Options of a {@link TiffWriter}. */
export interface TiffWriterOptions extends FlatFileOptions {
  /**
   * How the pages are listed.
   * - `"pages"`, the default: each one; every program sees them all. A file of 4 GiB or more is a BigTIFF, which tifffile,
   *   libtiff, GDAL, Pillow and Fiji (through Bio-Formats) open, and plain ImageJ does not.
   * - `"single-ifd"`: only the first, the others behind it, at any size, as ImageJ writes what is beyond 4 GiB. ImageJ, Fiji
   *   and tifffile open it; all others see one page.
   */
  readonly form?: TiffForm;
  /**
   * Whether ImageJ is to open the file; default `true`. It does not open `int8`, `uint64`, `int64`, and makes `float64`
   * less exact: those are refused unless this is `false`, when the file is for tifffile and those of its kind. `uint32` and
   * `int32` are exact in the file, and up to 2 ** 24 in ImageJ.
   */
  readonly imageJ?: boolean;
}

/** Data types that ImageJ opens, and keeps exactly enough. */
const imageJTypes: readonly DataType[] = ["uint8", "uint16", "int16", "uint32", "int32", "float32"];

/**
 * Writes a volume as a TIFF file, uncompressed: a page for each step along the volume's slowest axis, of rows along the
 * middle and columns along the fastest. It has ImageJ's description with the voxel size in nm and the position in project
 * space, which tifffile reads too.
 *
 * @example
 * ```ts
 * import { fileSink, TiffWriter } from "catmaid-image/out";
 * await fetcher.get(roi, { out: new TiffWriter(await fileSink("volume.tif")) });
 * ```
 */
export class TiffWriter extends FlatFileWriter {
  constructor(sink: ByteSink, options: TiffWriterOptions = {}) {
    const { form = "pages", imageJ = true } = options;
    const headerOf = (info: VolumeInfo): Bytes => {
      if (imageJ && !imageJTypes.includes(info.dataType)) throw notForImageJ(info.dataType);
      return tiffHeader(info, form, imageJ);
    };
    super(sink, headerOf, options, ["form", "imageJ"]);
    oneOf("form", form, ["pages", "single-ifd"]);
    if (form === "single-ifd" && !imageJ) {
      throw new InvalidOutError(
        'single-ifd is a form of ImageJ\'s: leave imageJ: false out, or take the form "pages"',
      );
    }
  }
}

function notForImageJ(dataType: DataType): InvalidOutError {
  return new InvalidOutError(
    `ImageJ opens no TIFF file of ${dataType} as it is: give imageJ: false if tifffile is to read it, or take another format`,
  );
}
