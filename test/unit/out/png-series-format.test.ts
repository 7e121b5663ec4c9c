import UPNG from "upng-js";
import { describe, expect, it } from "vitest";
import { type PngSeriesOptions, pngSeriesFormat } from "../../../src/out/png/png-series-format.js";
import { axesOf, axisOrders } from "../../../src/space/axis-order.js";
import { readNumbers } from "../../support/blocks/read-blocks.js";
import { volumeInfo } from "../../support/exports/recording-writer.js";
import { firstLevel, levelOf } from "../../support/exports/write-dataset.js";
import { valuesOf, writeProjectVolume } from "../../support/model/project-volume.js";

describe("a PNG series", () => {
  it.each(["uint8", "uint16"] as const)(
    "has a grey image for each plane of the slowest axis: %s",
    async (dataType) => {
      const valueAt = valuesOf(dataType);
      for (const orientation of axisOrders) {
        const info = volumeInfo([3, 5, 7], { orientation, dataType });
        const files = await writeProjectVolume(pngSeriesFormat(), info, [firstLevel(info)], valueAt);
        const [slow, rows, columns] = axesOf(orientation);
        const images = [...files.keys()].filter((path) => path.endsWith(".png")).sort();
        expect(images).toEqual(["0000.png", "0001.png", "0002.png"]);
        for (let plane = 0; plane < 3; plane++) {
          const file = files.get(`000${plane}.png`) ?? new Uint8Array(0);
          const { width, height, depth, ctype, data } = UPNG.decode(file.slice().buffer);
          expect({ width, height, depth, ctype }).toEqual({
            width: 7,
            height: 5,
            depth: dataType === "uint8" ? 8 : 16,
            ctype: 0,
          });
          const samples = readNumbers(
            new Uint8Array(data ?? []).subarray(0, (5 * 7 * depth) / 8),
            dataType,
            "big-endian",
          );
          const expected = Array.from({ length: 35 }, (_, i) => {
            const at = { x: 0, y: 0, z: 0, [slow]: plane, [rows]: Math.floor(i / 7), [columns]: i % 7 };
            return valueAt([at.x, at.y, at.z], 0);
          });
          expect(samples).toEqual(expected);
        }
      }
    },
  );

  it("tells beside them what PNG has no place for", async () => {
    const info = volumeInfo([2, 5, 7], { resolution: [40, 5, 4], position: [800, -600, 400] });
    const files = await writeProjectVolume(pngSeriesFormat(), info, [firstLevel(info)]);
    expect(JSON.parse(new TextDecoder().decode(files.get("volume.json")))).toMatchObject({
      ...{ dtype: "uint8", shape: [2, 5, 7], axes: ["z", "y", "x"], resolution: [40, 5, 4] },
      ...{ position: [800, -600, 400], unit: "nm", filled: {} },
    });
  });

  it("is numbered with as many digits as the last section needs, four at least", () => {
    const paths = [1, 10_000, 10_001].map((sections) => {
      const info = volumeInfo([sections, 4, 4]);
      return pngSeriesFormat()
        .layOut(info, [firstLevel(info)])
        .levels[0]?.path([sections - 1, 0, 0]);
    });
    expect(paths).toEqual(["0000.png", "9999.png", "10000.png"]);
    const info = volumeInfo([10_001, 4, 4]);
    expect(
      pngSeriesFormat()
        .layOut(info, [firstLevel(info)])
        .levels[0]?.path([7, 0, 0]),
    ).toBe("00007.png");
  });

  it("refuses what a grey PNG cannot be", () => {
    const labels = volumeInfo([2, 2, 2], { dataType: "uint64" });
    expect(() => pngSeriesFormat().layOut(labels, [firstLevel(labels)])).toThrow(
      "a PNG has uint8 or uint16 voxels, not uint64: take OME-Zarr, N5, HDF5, TIFF or NRRD",
    );
    const info = volumeInfo([2, 2, 2]);
    expect(() => pngSeriesFormat().layOut(info, [firstLevel(info), levelOf(info, [2, 2, 2])])).toThrow(
      "a PNG series has one level, and 2 are asked for",
    );
    expect(() => pngSeriesFormat({ level: 10 })).toThrow(/level must be a whole number from 0 to 9/);
    expect(() => pngSeriesFormat({ quality: 1 } as PngSeriesOptions)).toThrow(/"quality" is no option/);
  });
});
