import { describe, expect, it } from "vitest";
import { Hdf5Writer, type Hdf5WriterOptions } from "../../../src/out/hdf5/hdf5-writer.js";
import { type ByteSink, MemoryByteSink } from "../../../src/out/sink/byte-sink.js";
import type { VolumeInfo, VolumeReport } from "../../../src/out/volume-writer.js";
import { axesOf, axisOrders, type Triple } from "../../../src/space/axis-order.js";
import { dataTypes } from "../../../src/space/data-type.js";
import { volumeInfo } from "../../support/exports/recording-writer.js";
import {
  countingBytes,
  emptyReport,
  viewOf,
  writerTools,
  writeVolume,
} from "../../support/exports/written-volume.js";
import { readHdf5 } from "../../support/readers/read-hdf5.js";

async function written(
  info: VolumeInfo,
  options: Hdf5WriterOptions = {},
  report: VolumeReport = emptyReport,
): Promise<Uint8Array> {
  const sink = new MemoryByteSink();
  await writeVolume(new Hdf5Writer(sink, options), info, countingBytes(info.dataType, info.shape), {
    report,
  });
  return sink.bytes;
}

const shape: Triple = [7, 9, 11];

describe("Hdf5Writer", () => {
  it.each(axisOrders.flatMap((orientation) => dataTypes.map((dataType) => ({ orientation, dataType }))))(
    "trap 33: $orientation of $dataType, in chunks that do not divide it: HDF5's own library reads the voxels",
    async ({ orientation, dataType }) => {
      const info = volumeInfo(shape, { orientation, projectAxes: axesOf(orientation), dataType });
      const bytes = await written(info, { chunkShape: [2, 4, 5] });
      const { voxels, shape: extent, chunks } = await readHdf5(bytes, "volume");
      expect([...voxels]).toEqual([...countingBytes(dataType, shape)]);
      expect([extent, chunks]).toEqual([[...shape], [2, 4, 5]]);
    },
  );

  it.each([
    { index: "one chunk", chunkShape: [64, 64, 64] as const, chunks: [...shape] },
    { index: "one full node", chunkShape: [2, 3, 3] as const, chunks: [2, 3, 3] },
    { index: "nodes of two levels", chunkShape: [1, 1, 1] as const, chunks: [1, 1, 1] },
  ])("finds every chunk, compressed or not: $index", async ({ chunkShape, chunks }) => {
    for (const compression of ["none", "gzip"] as const) {
      const bytes = await written(volumeInfo(shape), { chunkShape, compression });
      const read = await readHdf5(bytes, "volume");
      expect([...read.voxels]).toEqual([...countingBytes("uint8", shape)]);
      expect(read.chunks).toEqual(chunks);
      expect([read.filters, read.filterOptions]).toEqual(compression === "gzip" ? [[1], [[6]]] : [[], []]);
    }
  });

  it("finds chunks in an index of three levels", async () => {
    const long: Triple = [17, 16, 17];
    const bytes = await written(volumeInfo(long), { chunkShape: [1, 1, 1] });
    expect([...(await readHdf5(bytes, "volume")).voxels]).toEqual([...countingBytes("uint8", long)]);
  });

  it("trap 41: has voxel size and position as float64 in the order of the axes, and says so", async () => {
    const info = volumeInfo(shape, {
      projectAxes: ["y", "z", "x"],
      resolution: [35, 4.5, 4],
      position: [0.5, -100, 7],
      stack: { id: 3, title: 'Größe "x"' },
    });
    const bytes = await written(info, { dataset: "/em/raw", compression: { kind: "gzip", level: 1 } });
    const { attributes, filterOptions } = await readHdf5(bytes, "em/raw");
    expect(attributes["resolution"]).toEqual(Float64Array.of(35, 4.5, 4));
    expect(attributes["offset"]).toEqual(Float64Array.of(0.5, -100, 7));
    expect([attributes["axes"], attributes["unit"]]).toEqual([["y", "z", "x"], "nm"]);
    const more = JSON.parse(String(attributes["catmaid-image"]));
    expect(more).toMatchObject({ stack: info.stack, mirror: info.mirror, filled: [], outside: 0 });
    expect(filterOptions).toEqual([[1]]);
  });

  it.each([
    { dataType: "uint8", isLabels: false, path: "volumes/raw" },
    { dataType: "uint64", isLabels: true, path: "volumes/labels/neuron_ids" },
  ] as const)("has the layout of CREMI: $path", async ({ dataType, isLabels, path }) => {
    const position: Triple = [350, 8, 0];
    const bytes = await written(volumeInfo(shape, { dataType, isLabels, position }), { layout: "cremi" });
    const read = await readHdf5(bytes, path);
    expect([...read.voxels]).toEqual([...countingBytes(dataType, shape)]);
    expect(read.fileAttributes).toEqual({ file_format: "0.2" });
    expect(read.attributes).toMatchObject({
      resolution: Float64Array.of(35, 4, 4),
      offset: Float64Array.from(position),
      comment: 'stack 1 "stack", mirror "mirror", zoom level 0',
    });
    const atZero = await written(volumeInfo(shape, { dataType, isLabels }), { layout: "cremi" });
    expect((await readHdf5(atZero, path)).attributes).not.toHaveProperty("offset");
  });

  it.each([
    [{ dataType: "uint16" }, /CREMI's images are uint8, and these voxels uint16: take layout "plain"/],
    [{ dataType: "uint32", isLabels: true }, /CREMI's labels are uint64, and these voxels uint32/],
    [{ projectAxes: ["x", "y", "z"] }, /CREMI's volumes have the axes z, y, x, and this one x, y, z/],
  ] as const)("refuses for CREMI what its files have no place for: %o", async (changes, message) => {
    const refused = written(volumeInfo(shape, changes), { layout: "cremi" });
    await expect(refused).rejects.toMatchObject({ code: "invalid-out" });
    await expect(refused).rejects.toThrow(message);
  });

  it("lists what was filled; of a longer list than there is room for, the numbers", async () => {
    const reportOf = (filled: number): VolumeReport => ({
      ...emptyReport,
      blocks: { ...emptyReport.blocks, filled },
      filled: Array.from({ length: filled }, (_, i) => ({
        block: { level: 0, at: [i, 0, 0] },
        cause: "missing",
      })),
    });
    const toldOf = async (filled: number): Promise<Record<string, unknown>> => {
      const read = await readHdf5(await written(volumeInfo(shape), {}, reportOf(filled)), "volume");
      expect([...read.voxels]).toEqual([...countingBytes("uint8", shape)]);
      return JSON.parse(String(read.attributes["catmaid-image"]));
    };
    expect((await toldOf(2))["filled"]).toEqual(reportOf(2).filled);
    const short = await toldOf(5000);
    expect(short["filled"]).toBe(undefined);
    expect(short["blocks"]).toMatchObject({ filled: 5000 });
  });

  it("opens nowhere before it is complete, and needs every chunk", async () => {
    const sink = new MemoryByteSink();
    const closed: string[] = [];
    const watched: ByteSink = {
      write: (position, bytes) => sink.write(position, bytes),
      close: async () => void closed.push("close"),
      discard: async () => void closed.push("discard"),
    };
    const writer = new Hdf5Writer(watched, { chunkShape: [4, 9, 11] });
    const info = volumeInfo(shape);
    const bytes = countingBytes("uint8", shape);
    await writer.begin(info, writerTools);
    const box = { lower: [0, 0, 0], upper: [4, 9, 11] } as const;
    await writer.write(box, viewOf(info, bytes, box));
    await expect(writer.flush()).rejects.toThrow(
      /the file lacks 1 of its \d+ chunks: write all of them before flush/,
    );
    await expect(readHdf5(sink.bytes, "volume")).rejects.toThrow(/file signature not found/);
    await writer.abort();
    expect(closed).toEqual(["discard"]);
  });

  it("passes on what goes wrong in the sink", async () => {
    const full = new Error("no space left");
    const sink: ByteSink = { write: () => Promise.reject(full), close: () => Promise.resolve() };
    const written = writeVolume(new Hdf5Writer(sink), volumeInfo(shape), countingBytes("uint8", shape));
    await expect(written).rejects.toBe(full);
  });

  it("takes its chunks only, for one volume, which it has to be told of", async () => {
    const writer = new Hdf5Writer(new MemoryByteSink(), { chunkShape: [4, 4, 4] });
    const info = volumeInfo(shape);
    const bytes = countingBytes("uint8", shape);
    const box = { lower: [0, 0, 0], upper: [4, 4, 8] } as const;
    await expect(writer.write(box, viewOf(info, bytes, box))).rejects.toThrow(/has not begun a volume/);
    await writer.begin(info, writerTools);
    await expect(writer.begin(info, writerTools)).rejects.toThrow(/make a new writer for each volume/);
    await expect(writer.write(box, viewOf(info, bytes, box))).rejects.toThrow(
      "the writer takes chunks of 4 × 4 × 4 voxels, and not the box from 0, 0, 0 to 4, 4, 8",
    );
  });

  it.each([
    [{ dataset: "a//b" }, /dataset must be a path of names/],
    [{ dataset: "" }, /dataset must be a path of names/],
    [{ dataset: ".." }, /dataset must be a path of names/],
    [{ layout: "cremi", dataset: "a" }, /has names of its own: leave dataset out/],
    [{ layout: "n5" }, /layout must be one of plain, cremi/],
    [{ chunkShape: [64, 64] }, /chunkShape must be three whole numbers above 0/],
    [{ compression: "zstd" }, /compression must be one of none, gzip/],
    [{ compression: { kind: "gzip", level: 10 } }, /the level of gzip must be a whole number from 0 to 9/],
    [{ chunks: [1, 1, 1] }, /no option of a Hdf5Writer/],
  ])("refuses options: %o", (options, message) => {
    expect(() => new Hdf5Writer(new MemoryByteSink(), options as Hdf5WriterOptions)).toThrow(message);
  });

  it("refuses chunks of 4 GiB", async () => {
    const writer = new Hdf5Writer(new MemoryByteSink(), { chunkShape: [1024, 2048, 2048] });
    const begun = writer.begin(volumeInfo([1024, 2048, 2048]), writerTools);
    await expect(begun).rejects.toThrow(/4294967296 bytes, and HDF5's less than 4 GiB: take smaller ones/);
  });
});
