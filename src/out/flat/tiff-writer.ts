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
   * - `"pages"`, the default: every page is listed, so all programs see all pages. A file of 4 GiB or more is a BigTIFF:
   *   tifffile, libtiff, GDAL, Pillow and Fiji (through Bio-Formats) open it, and plain ImageJ does not.
   * - `"single-ifd"`: only the first page is listed, and the others follow it. The file may have any size; ImageJ itself
   *   writes files beyond 4 GiB in this form. ImageJ, Fiji and tifffile open it; other programs see one page.
   */
  readonly form?: TiffForm;
  /**
   * Whether ImageJ must be able to open the file. Default: `true`. ImageJ does not open `int8`, `uint64` and `int64`, and
   * rounds `float64`, so these data types are refused unless this is `false`. The file is then for tifffile and similar
   * readers. `uint32` and `int32` are exact in the file, but ImageJ shows them exactly only up to 2 ** 24.
   */
  readonly imageJ?: boolean;
}

/** Data types that ImageJ opens with sufficient precision. */
const imageJTypes: readonly DataType[] = ["uint8", "uint16", "int16", "uint32", "int32", "float32"];

/**
 * Writes a volume as an uncompressed TIFF file. Each page is one step along the volume's slowest axis; its rows follow one
 * another along the middle axis, its columns along the fastest. ImageJ's description, which tifffile reads too, has the
 * voxel size and the position in project space, in nm.
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
        'form: "single-ifd" is for ImageJ alone: leave imageJ: false out, or take form: "pages"',
      );
    }
  }
}

function notForImageJ(dataType: DataType): InvalidOutError {
  return new InvalidOutError(
    `ImageJ does not show ${dataType} voxels exactly: give imageJ: false if tifffile is to read the file, or take another format`,
  );
}
