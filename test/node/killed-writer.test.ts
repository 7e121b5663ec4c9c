import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { volumeInfo } from "../support/exports/recording-writer.js";
import { runNode } from "../support/programs/run-node.js";
import { readHdf5 } from "../support/readers/read-hdf5.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "catmaid-image-killed-"));
});
afterAll(() => rm(folder, { recursive: true }));

const entry = (name: string): string => new URL(`../../dist/${name}`, import.meta.url).href;

test.each([
  { name: "volume.h5", entryName: "out-hdf5.node.js", writer: "Hdf5Writer" },
  { name: "volume.tif", entryName: "out.node.js", writer: "TiffWriter" },
  { name: "volume.nrrd", entryName: "out.node.js", writer: "NrrdWriter" },
])(
  "$writer: nothing has the name of a file that a killed run did not complete",
  async ({ name, entryName, writer }) => {
    const script = `
    import { fileSink } from ${JSON.stringify(entry("out.node.js"))};
    import { ${writer} } from ${JSON.stringify(entry(entryName))};
    const out = new ${writer}(await fileSink(${JSON.stringify(join(folder, name))}));
    await out.begin(${JSON.stringify(volumeInfo([128, 64, 64]))}, {});
    const data = new Uint8Array(64 ** 3).fill(7);
    await out.write({ lower: [0, 0, 0], upper: [64, 64, 64] }, { data, shape: [64, 64, 64] });
    process.kill(process.pid, "SIGKILL");
    await new Promise(() => {});`;
    const { code } = await runNode(script);
    expect(code).toBe(null);
    const left = (await readdir(folder)).filter((file) => file.startsWith(name));
    expect(left).toEqual([expect.stringMatching(/^volume\.[a-z0-9]+\.[0-9a-f]{12}\.partial$/)]);
    const bytes = await readFile(join(folder, left[0] ?? ""));
    expect(bytes.length).toBeGreaterThan(64 ** 3);
    // Under any name: a HDF5 file begins when it is complete.
    if (writer === "Hdf5Writer")
      await expect(readHdf5(bytes, "volume")).rejects.toThrow(/file signature not found/);
  },
);
