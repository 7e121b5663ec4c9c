import { InvalidOutError } from "../../errors.js";
import type { Bytes } from "../../space/bytes.js";
import { bytesPerVoxel, isFloating } from "../../space/data-type.js";
import type { VolumeInfo } from "../volume-writer.js";
import { imageJDescription, shapedDescription } from "./tiff-description.js";
import {
  bigTiff,
  classicTiff,
  directoryBytes,
  inverseOf,
  type TiffEntry,
  type TiffSizes,
  writeDirectory,
  writeHead,
} from "./tiff-directory.js";

/** How the pages of a TIFF file are listed: every page, or only the first, with the number of pages in ImageJ's description. */
export type TiffForm = "pages" | "single-ifd";

const firstPageEntries = 15;
/** Only the first page has the description. */
const pageEntries = firstPageEntries - 1;
const fractionBytes = 8;
/** The voxels begin at a multiple of this. */
const alignment = 16;

/** All bytes before the voxels of a TIFF file. The voxels of all pages follow in one piece. */
export function tiffHeader(info: VolumeInfo, form: TiffForm, forImageJ: boolean): Bytes {
  const [pages, rows, columns] = info.shape;
  const pageBytes = rows * columns * bytesPerVoxel(info.dataType);
  const text = new TextEncoder().encode(`${forImageJ ? imageJDescription(info) : shapedDescription(info)}\0`);
  if (form === "single-ifd") {
    if (pageBytes >= 2 ** 32) {
      throw new InvalidOutError(
        `a page of ${rows} × ${columns} voxels has ${pageBytes} bytes, and single-ifd holds pages below 4 GiB: ask for less`,
      );
    }
    return headerOf(info, text, classicTiff, 1);
  }
  const classicBytes = headerBytes(classicTiff, pages, text) + pages * pageBytes;
  return headerOf(info, text, classicBytes < 2 ** 32 ? classicTiff : bigTiff, pages);
}

function headerOf(info: VolumeInfo, text: Bytes, sizes: TiffSizes, pages: number): Bytes {
  const { shape, dataType, resolution } = info;
  const header = new Uint8Array(headerBytes(sizes, pages, text));
  const view = new DataView(header.buffer);
  writeHead(view, sizes, sizes.head);
  const fractions = directoriesEnd(sizes, pages);
  const words = fractions + 2 * fractionBytes;
  header.set(text, words);
  const inverse = (axis: 1 | 2): number | bigint => {
    const fraction = inverseOf(resolution[axis]);
    const at = fractions + (axis - 1) * fractionBytes;
    view.setBigUint64(at, fraction, true);
    return sizes.offset < fractionBytes ? at : fraction;
  };
  const bytes = bytesPerVoxel(dataType);
  const pageBytes = shape[1] * shape[2] * bytes;
  const length = sizes === classicTiff ? "long" : "long8";
  const entries: readonly TiffEntry[] = [
    { tag: 254, type: "long", count: 1, value: 0 }, // NewSubfileType
    { tag: 256, type: "long", count: 1, value: shape[2] }, // ImageWidth
    { tag: 257, type: "long", count: 1, value: shape[1] }, // ImageLength
    { tag: 258, type: "short", count: 1, value: 8 * bytes }, // BitsPerSample
    { tag: 259, type: "short", count: 1, value: 1 }, // Compression: none
    { tag: 262, type: "short", count: 1, value: 1 }, // PhotometricInterpretation: 0 is black
    { tag: 270, type: "ascii", count: text.length, value: words }, // ImageDescription
    { tag: 273, type: length, count: 1, value: header.length }, // StripOffsets
    { tag: 277, type: "short", count: 1, value: 1 }, // SamplesPerPixel
    { tag: 278, type: "long", count: 1, value: shape[1] }, // RowsPerStrip
    { tag: 279, type: length, count: 1, value: pageBytes }, // StripByteCounts
    { tag: 282, type: "rational", count: 1, value: inverse(2) }, // XResolution
    { tag: 283, type: "rational", count: 1, value: inverse(1) }, // YResolution
    { tag: 296, type: "short", count: 1, value: 1 }, // ResolutionUnit: none of TIFF's
    { tag: 339, type: "short", count: 1, value: sampleFormat(info) }, // SampleFormat
  ];
  writeDirectory(view, sizes, sizes.head, entries, pages === 1 ? 0 : directoriesEnd(sizes, 1));
  for (let page = 1; page < pages; page++) {
    const value = header.length + page * pageBytes;
    const pageOnes = entries
      .filter(({ tag }) => tag !== 270)
      .map((entry) => (entry.tag === 273 ? { ...entry, value } : entry));
    const next = page === pages - 1 ? 0 : directoriesEnd(sizes, page + 1);
    writeDirectory(view, sizes, directoriesEnd(sizes, page), pageOnes, next);
  }
  return header;
}

function headerBytes(sizes: TiffSizes, pages: number, text: Bytes): number {
  return Math.ceil((directoriesEnd(sizes, pages) + 2 * fractionBytes + text.length) / alignment) * alignment;
}

/** Where the directories of the first `pages` pages end. */
function directoriesEnd(sizes: TiffSizes, pages: number): number {
  return (
    sizes.head + directoryBytes(sizes, firstPageEntries) + (pages - 1) * directoryBytes(sizes, pageEntries)
  );
}

function sampleFormat({ dataType }: VolumeInfo): number {
  if (isFloating(dataType)) return 3;
  return dataType.startsWith("int") ? 2 : 1;
}
