/** PNG series as Pillow reads them. */

import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { littleEndianBytes } from "../../../src/out/little-endian.js";
import { pngSeriesFormat } from "../../../src/out/png/png-series-format.js";
import { axisOrders, toOrder } from "../../../src/space/axis-order.js";
import { putFiles } from "../../support/block-files/put-files.js";
import { volumeInfo } from "../../support/exports/recording-writer.js";
import { firstLevel, volumeOf, writeDataset } from "../../support/exports/write-dataset.js";
import { runDebianPython } from "../../support/programs/debian-python.js";

test("Pillow reads every order, in 8 and in 16 bits", async () => {
  const folder = mkdtempSync(join(tmpdir(), "png-series-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const expected: Record<string, unknown> = {};
  for (const orientation of axisOrders) {
    for (const dataType of ["uint8", "uint16"] as const) {
      const shape = toOrder({ x: 13, y: 11, z: 7 }, orientation);
      const info = volumeInfo(shape, { orientation, dataType });
      const voxels = volumeOf(dataType, shape);
      const { files } = await writeDataset(pngSeriesFormat(), info, [{ level: firstLevel(info), voxels }]);
      const name = `${orientation}-${dataType}`;
      putFiles(join(folder, name), files);
      expected[name] = {
        names: Array.from({ length: shape[0] }, (_, section) => `${String(section).padStart(4, "0")}.png`),
        modes: [dataType === "uint8" ? "L" : expect.stringMatching(/^I/)],
        shape,
        sha256: createHash("sha256").update(littleEndianBytes(voxels)).digest("hex"),
      };
    }
  }
  const modules = { PIL: "python3-pil", numpy: "python3-numpy" };
  expect(JSON.parse(runDebianPython(modules, ["test/support/readers/read_pngs.py", folder]))).toEqual(
    expected,
  );
});
