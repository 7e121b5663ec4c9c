import { describe, expect, it } from "vitest";
import { type TiffForm, tiffHeader } from "../../../src/out/flat/tiff-header.js";
import { TiffWriter, type TiffWriterOptions } from "../../../src/out/flat/tiff-writer.js";
import { MemoryByteSink } from "../../../src/out/sink/byte-sink.js";
import type { VolumeInfo } from "../../../src/out/volume-writer.js";
import { axesOf, axisOrders, type Triple } from "../../../src/space/axis-order.js";
import { bytesPerVoxel, type DataType, dataTypes } from "../../../src/space/data-type.js";
import { volumeInfo } from "../../support/exports/recording-writer.js";
import { countingBytes, writeVolume } from "../../support/exports/written-volume.js";
import { readTiff, type TiffFile } from "../../support/readers/read-tiff.js";

// As TIFF 6 numbers them.
const tags = {
  columns: 256,
  rows: 257,
  bits: 258,
  compression: 259,
  black: 262,
  description: 270,
  strips: 273,
  samples: 277,
  rowsPerStrip: 278,
  stripBytes: 279,
  xResolution: 282,
  yResolution: 283,
  unit: 296,
  sampleFormat: 339,
} as const;

const shape: Triple = [5, 13, 17];
const gibi4 = 2 ** 32;

async function written(info: VolumeInfo, options: TiffWriterOptions = {}): Promise<Uint8Array> {
  const sink = new MemoryByteSink();
  await writeVolume(new TiffWriter(sink, options), info, countingBytes(info.dataType, info.shape));
  return sink.bytes;
}

function entryOf(file: TiffFile, page: number, tag: keyof typeof tags): number | string | undefined {
  return file.directories[page]?.get(tags[tag])?.[0];
}

describe("TiffWriter", () => {
  const imageJTypes: readonly DataType[] = ["uint8", "uint16", "int16", "uint32", "int32", "float32"];

  it.each(axisOrders.flatMap((orientation) => dataTypes.map((dataType) => ({ orientation, dataType }))))(
    "trap 33: $orientation of $dataType: every page is where its directory says",
    async ({ orientation, dataType }) => {
      const info = volumeInfo(shape, { orientation, projectAxes: axesOf(orientation), dataType });
      const bytes = await written(info, { imageJ: imageJTypes.includes(dataType) });
      const file = readTiff(bytes);
      expect([file.isBig, file.directories.length]).toEqual([false, shape[0]]);
      const pageBytes = 13 * 17 * bytesPerVoxel(dataType);
      const pages = file.directories.map((_, page) => {
        const of = (tag: keyof typeof tags): number | string | undefined => entryOf(file, page, tag);
        const lengths = [of("columns"), of("rows"), of("rowsPerStrip"), of("stripBytes")];
        expect(lengths).toEqual([17, 13, 13, pageBytes]);
        expect([of("compression"), of("black"), of("samples")]).toEqual([1, 1, 1]);
        expect([of("bits"), of("sampleFormat")]).toEqual([
          8 * bytesPerVoxel(dataType),
          dataType.startsWith("uint") ? 1 : dataType.startsWith("int") ? 2 : 3,
        ]);
        return [...bytes.subarray(Number(of("strips")), Number(of("strips")) + pageBytes)];
      });
      expect(pages.flat()).toEqual([...countingBytes(dataType, shape)]);
      expect(bytes.length).toBe(Number(entryOf(file, 0, "strips")) + shape[0] * pageBytes);
    },
  );

  it("tells ImageJ the number of pages, the voxel size and where the corner lies, and other readers the same", async () => {
    const info = volumeInfo(shape, { resolution: [35, 4.5, 4], position: [70, -9, 2], zoomLevel: 1 });
    const file = readTiff(await written(info));
    const text = String(entryOf(file, 0, "description"));
    expect(text.startsWith("ImageJ=1.53t\nimages=5\nslices=5\nunit=nm\nspacing=35\nloop=false\n")).toBe(true);
    expect(text).toContain("\nxorigin=-0.5\nyorigin=2\nzorigin=-2\n");
    expect(text.endsWith("\n\0")).toBe(true);
    for (const [page] of file.directories.entries()) {
      const fractions = [entryOf(file, page, "xResolution"), entryOf(file, page, "yResolution")];
      expect([...fractions, entryOf(file, page, "unit")]).toEqual(["1/4", "10/45", 1]);
    }
    expect(file.directories.slice(1).some((page) => page.has(tags.description))).toBe(false);
  });

  it("names the stack in ASCII, on one line", async () => {
    const stack = { id: 7, title: 'Größe\nimages=9\0"' };
    const text = String(entryOf(readTiff(await written(volumeInfo(shape, { stack }))), 0, "description"));
    expect(text).toMatch(/^[ -~\n]*\0$/);
    expect(text.match(/^images=/gm)).toHaveLength(1);
    const line = /^stack=(.*)$/m.exec(text)?.[1] ?? "";
    expect(JSON.parse(line)).toEqual(stack);
  });

  it.each([
    [0.001, 1000, 1],
    [3.5, 10, 35],
    [4, 1, 4],
    [1e9, 1, 1_000_000_000],
  ])("writes %f nm as %i/%i", async (length, numerator, denominator) => {
    const file = readTiff(await written(volumeInfo(shape, { resolution: [40, length, length] })));
    expect(entryOf(file, 0, "xResolution")).toBe(`${numerator}/${denominator}`);
  });

  it("writes what no short fraction is nearly", async () => {
    const file = readTiff(await written(volumeInfo(shape, { resolution: [40, Math.PI, 1e6 / 3] })));
    const inverse = (tag: "xResolution" | "yResolution"): number => {
      const [numerator, denominator] = String(entryOf(file, 0, tag))
        .split("/")
        .map(Number);
      return (denominator ?? 0) / (numerator ?? 0);
    };
    expect(inverse("yResolution")).toBeCloseTo(Math.PI, 8);
    expect(inverse("xResolution")).toBeCloseTo(1e6 / 3, 3);
  });

  it.each(["int8", "uint64", "int64", "float64"] as const)(
    "trap 40: refuses %s for ImageJ, and says how tifffile gets it",
    async (dataType) => {
      const info = volumeInfo(shape, { dataType });
      const refused = written(info);
      await expect(refused).rejects.toMatchObject({ code: "invalid-out" });
      await expect(refused).rejects.toThrow(
        `ImageJ does not show ${dataType} voxels exactly: give imageJ: false`,
      );
      const text = String(entryOf(readTiff(await written(info, { imageJ: false })), 0, "description"));
      expect(JSON.parse(text.slice(0, -1))).toMatchObject({ shape, unit: "nm", resolution: [35, 4, 4] });
      expect(text.startsWith('{"shape":')).toBe(true);
    },
  );

  it("lists one page in the single-ifd form; the others follow it", async () => {
    const bytes = await written(volumeInfo(shape, { dataType: "uint16" }), { form: "single-ifd" });
    const file = readTiff(bytes);
    expect([file.isBig, file.directories.length]).toEqual([false, 1]);
    expect(entryOf(file, 0, "stripBytes")).toBe(13 * 17 * 2);
    const voxels = bytes.subarray(Number(entryOf(file, 0, "strips")));
    expect([...voxels]).toEqual([...countingBytes("uint16", shape)]);
  });

  it("refuses options that do not go together, and those that are none", () => {
    const make = (options: object) => () => new TiffWriter(new MemoryByteSink(), options);
    expect(make({ form: "single-ifd", imageJ: false })).toThrow(/"single-ifd" is for ImageJ alone/);
    expect(make({ form: "big" })).toThrow(/form must be one of pages, single-ifd/);
    expect(make({ bigTiff: true })).toThrow(/no option of this writer/);
  });
});

describe("trap 40: around 4 GiB", () => {
  /** The header of a file with so many pages of 1 MiB. */
  const headerOf = (pages: number, form: TiffForm = "pages"): Uint8Array =>
    tiffHeader(volumeInfo([pages, 1024, 1024]), form, true);
  const pageBytes = 2 ** 20;
  const pages = gibi4 / pageBytes;

  it.each([
    { count: pages - 1, isBig: false },
    { count: pages, isBig: true },
    { count: pages + 1, isBig: true },
  ])("$count pages of 1 MiB: BigTIFF $isBig, and each page behind the one before", ({ count, isBig }) => {
    const bytes = headerOf(count);
    const file = readTiff(bytes);
    expect([file.isBig, file.directories.length]).toEqual([isBig, count]);
    const strips = file.directories.map((_, page) => entryOf(file, page, "strips"));
    expect(strips).toEqual(Array.from({ length: count }, (_, page) => bytes.length + page * pageBytes));
    expect(entryOf(file, count - 1, "xResolution")).toBe("1/4");
    const end = Number(strips.at(-1)) + Number(entryOf(file, count - 1, "stripBytes"));
    expect(end < gibi4).toBe(!isBig);
  });

  it("the last byte counts: a file of 4 GiB is a BigTIFF, one that is shorter by a row is not", () => {
    const header = headerBytesOf(1);
    const rows = (gibi4 - header) / 16;
    expect(readTiff(tiffHeader(volumeInfo([1, rows, 16]), "pages", true)).isBig).toBe(true);
    expect(readTiff(tiffHeader(volumeInfo([1, rows - 1, 16]), "pages", true)).isBig).toBe(false);
  });

  it("the single-ifd form stays what it is at any size, but not with a page of 4 GiB", () => {
    const file = readTiff(headerOf(10 * pages, "single-ifd"));
    expect([file.isBig, file.directories.length]).toEqual([false, 1]);
    expect(String(entryOf(file, 0, "description"))).toContain("\nimages=40960\n");
    const huge = volumeInfo([2, 2 ** 16, 2 ** 16]);
    expect(() => tiffHeader(huge, "single-ifd", true)).toThrow(/single-ifd holds pages below 4 GiB/);
    expect(readTiff(tiffHeader(huge, "pages", true)).isBig).toBe(true);
  });

  function headerBytesOf(count: number): number {
    // The number of rows has no digits in the description, so that it does not change the header's length.
    return tiffHeader(volumeInfo([count, 16, 16]), "pages", true).length;
  }
});
