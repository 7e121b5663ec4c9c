import { describe, expect, it } from "vitest";
import type { FlatFileOptions } from "../../../src/out/flat/flat-file-writer.js";
import { NpyWriter } from "../../../src/out/flat/npy-writer.js";
import { NrrdWriter } from "../../../src/out/flat/nrrd-writer.js";
import { RawWriter } from "../../../src/out/flat/raw-writer.js";
import { sidecarText } from "../../../src/out/flat/sidecar.js";
import { TiffWriter } from "../../../src/out/flat/tiff-writer.js";
import { type ByteSink, MemoryByteSink } from "../../../src/out/sink/byte-sink.js";
import type { VolumeReport } from "../../../src/out/volume-writer.js";
import type { Triple } from "../../../src/space/axis-order.js";
import { volumeInfo } from "../../support/exports/recording-writer.js";
import { countingBytes, emptyReport, writeVolume } from "../../support/exports/written-volume.js";

const shape: Triple = [3, 4, 5];
const report: VolumeReport = {
  blocks: { planned: 4, fetched: 2, cached: 1, filled: 1, empty: 0 },
  filled: [{ block: { level: 1, at: [2, 1, 0] }, cause: "missing", url: "https://example.org/2/1_0_1.png" }],
  replaced: [{ section: 7, sources: [6] }],
  outside: 3,
};

const writers: Readonly<Record<string, (sink: ByteSink, options: FlatFileOptions) => object>> = {
  npy: (sink, options) => new NpyWriter(sink, options),
  nrrd: (sink, options) => new NrrdWriter(sink, options),
  raw: (sink, options) => new RawWriter(sink, options),
  tiff: (sink, options) => new TiffWriter(sink, options),
};

describe("the JSON beside a flat file", () => {
  it.each(Object.entries(writers))(
    "%s: says what the voxels are, where they lie and what was filled",
    async (_, make) => {
      const sidecar = new MemoryByteSink();
      const writer = make(new MemoryByteSink(), { sidecar, metadata: { note: "mine", unit: "nanometer" } });
      const info = volumeInfo(shape, {
        orientation: "yzx",
        projectAxes: ["z", "y", "x"],
        position: [1, 2, 3.5],
        origin: [4, 5, 6],
        zoomLevel: 1,
        stack: { id: 3, title: "Größe" },
      });
      await writeVolume(writer as NpyWriter, info, countingBytes("uint8", shape), { report });
      expect(JSON.parse(new TextDecoder().decode(sidecar.bytes))).toEqual({
        dtype: "uint8",
        byteOrder: "little",
        order: "C",
        shape,
        axes: ["z", "y", "x"],
        resolution: [35, 4, 4],
        position: [1, 2, 3.5],
        unit: "nanometer",
        orientation: "yzx",
        origin: [4, 5, 6],
        zoomLevel: 1,
        fillValue: 0,
        isLabels: false,
        stack: { id: 3, title: "Größe" },
        mirror: { position: 0, title: "mirror" },
        blocks: { planned: 4, fetched: 2, cached: 1, filled: 1, empty: 0 },
        filled: report.filled,
        replaced: report.replaced,
        outside: 3,
        note: "mine",
      });
    },
  );

  it("has all digits of a value of 64 bits, and nothing that is no JSON", () => {
    const labels = volumeInfo(shape, { dataType: "uint64", fillValue: 2n ** 64n - 1n, isLabels: true });
    expect(sidecarText(labels)).toContain('"fillValue": 18446744073709551615,');
    const floats = sidecarText(volumeInfo(shape, { dataType: "float32", fillValue: Number.NaN }));
    expect(JSON.parse(floats)).toMatchObject({ fillValue: null });
  });

  it("knows nothing of a fetch that is not complete", () => {
    expect(Object.keys(JSON.parse(sidecarText(volumeInfo(shape))))).not.toContain("filled");
    expect(JSON.parse(sidecarText(volumeInfo(shape), emptyReport))).toMatchObject({ filled: [], outside: 0 });
  });
});
