import { describe, expect, it } from "vitest";
import { NrrdWriter } from "../../../src/out/flat/nrrd-writer.js";
import { MemoryByteSink } from "../../../src/out/sink/byte-sink.js";
import type { VolumeInfo } from "../../../src/out/volume-writer.js";
import { axesOf, axisOrders, type Triple, toOrder } from "../../../src/space/axis-order.js";
import { bytesPerVoxel, dataTypes } from "../../../src/space/data-type.js";
import { volumeInfo } from "../../support/exports/recording-writer.js";
import { countingBytes, writeVolume } from "../../support/exports/written-volume.js";

const shape: Triple = [3, 5, 7];

interface Nrrd {
  readonly magic: string | undefined;
  readonly fields: ReadonlyMap<string, string>;
  readonly data: Uint8Array;
}

/** As the format says: lines, of which the first empty one ends the header. */
async function written(info: VolumeInfo): Promise<Nrrd> {
  const sink = new MemoryByteSink();
  await writeVolume(new NrrdWriter(sink), info, countingBytes(info.dataType, info.shape));
  const text = new TextDecoder("latin1").decode(sink.bytes);
  const end = text.indexOf("\n\n");
  const [magic, ...lines] = text.slice(0, end).split("\n");
  const fields = new Map(lines.map((line) => line.split(/:[ =](.*)/s).slice(0, 2) as [string, string]));
  return { magic, fields, data: sink.bytes.subarray(end + 2) };
}

describe("NrrdWriter", () => {
  it.each(axisOrders.flatMap((orientation) => dataTypes.map((dataType) => ({ orientation, dataType }))))(
    "trap 44: $orientation of $dataType: sizes fastest first, endian where there is one, voxels behind a blank line",
    async ({ orientation, dataType }) => {
      const axes = axesOf(orientation);
      const at = { z: 100, y: -10, x: 2.5 };
      const size = { z: 40, y: 4, x: 5 };
      const info = volumeInfo(shape, {
        dataType,
        orientation,
        projectAxes: axes,
        resolution: toOrder(size, orientation),
        position: toOrder(at, orientation),
      });
      const { magic, fields, data } = await written(info);
      expect(magic).toBe("NRRD0005");
      expect(fields.get("type")).toBe(dataType.replace("float32", "float").replace("float64", "double"));
      expect(fields.get("endian")).toBe(bytesPerVoxel(dataType) === 1 ? undefined : "little");
      expect([fields.get("dimension"), fields.get("space dimension")]).toEqual(["3", "3"]);
      expect(fields.get("encoding")).toBe("raw");
      expect(fields.get("sizes")).toBe("7 5 3");
      const direction = { x: "(5,0,0)", y: "(0,4,0)", z: "(0,0,40)" };
      expect(fields.get("space directions")).toBe(
        [direction[axes[2]], direction[axes[1]], direction[axes[0]]].join(" "),
      );
      expect(fields.get("space units")).toBe('"nm" "nm" "nm"');
      // The centre of the first voxel, in project space, whatever the order of the axes.
      expect(fields.get("space origin")).toBe("(5,-8,120)");
      expect([...data]).toEqual([...countingBytes(dataType, shape)]);
    },
  );

  it("trap 37: gives the axes of an XZ stack the directions that they have in project space", async () => {
    const { fields } = await written(
      volumeInfo(shape, { projectAxes: ["y", "z", "x"], position: [7, 8, 9] }),
    );
    expect(fields.get("space directions")).toBe("(4,0,0) (0,0,4) (0,35,0)");
    expect(fields.get("space origin")).toBe("(11,24.5,10)");
  });

  it("names the stack on one line, whatever its title", async () => {
    const stack = { id: "ö", title: 'a\n\nb\\n "c"' };
    const { fields } = await written(volumeInfo(shape, { stack }));
    // NRRD's own escapes first, then JSON's.
    const value = (fields.get("stack") ?? "").replaceAll("\\\\", "\\");
    expect(JSON.parse(value)).toEqual(stack);
    expect(fields.get("stack")).toMatch(/^[ -~]*$/);
  });
});
