import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fileSink } from "../../src/out/file-sink.node.js";
import { NpyWriter } from "../../src/out/npy-writer.js";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "catmaid-image-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("fileSink", () => {
  it("puts bytes at their positions, under the name when complete", async () => {
    const path = join(folder, "volume.npy");
    const writer = new NpyWriter(await fileSink(path), [2, 1, 3]);
    await writer.write(
      { lower: [1, 0, 0], upper: [2, 1, 3] },
      { data: Uint8Array.of(4, 5, 6), shape: [1, 1, 3] },
    );
    await writer.write(
      { lower: [0, 0, 0], upper: [1, 1, 3] },
      { data: Uint8Array.of(1, 2, 3), shape: [1, 1, 3] },
    );
    expect(await readdir(folder)).toEqual(["volume.npy.partial"]);
    await writer.flush();
    expect(await readdir(folder)).toEqual(["volume.npy"]);
    expect([...(await readFile(path)).subarray(-6)]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("leaves what was there when it is given up", async () => {
    const path = join(folder, "volume.npy");
    await writeFile(path, "old");
    const sink = await fileSink(path);
    await sink.write(0, new Uint8Array(1000));
    await sink.discard();
    await sink.discard();
    expect(await readdir(folder)).toEqual(["volume.npy"]);
    expect(await readFile(path, "utf8")).toBe("old");
  });

  it("does not throw away a complete file", async () => {
    const sink = await fileSink(join(folder, "volume.npy"));
    await sink.close();
    await sink.discard();
    expect(await readdir(folder)).toEqual(["volume.npy"]);
  });

  it("rejects where the folder is missing", async () => {
    await expect(fileSink(join(folder, "none", "x"))).rejects.toMatchObject({ code: "ENOENT" });
  });
});
