import { execFileSync } from "node:child_process";
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NpyWriter } from "../../../src/out/flat/npy-writer.js";
import { fileSink } from "../../../src/out/sink/file-sink.node.js";
import { volumeInfo } from "../../support/exports/recording-writer.js";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "catmaid-image-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("fileSink", () => {
  it("puts bytes at their positions, under the name when complete", async () => {
    const path = join(folder, "volume.npy");
    const writer = new NpyWriter(await fileSink(path));
    await writer.begin(volumeInfo([2, 1, 3]));
    await writer.write(
      { lower: [1, 0, 0], upper: [2, 1, 3] },
      { data: Uint8Array.of(4, 5, 6), shape: [1, 1, 3] },
    );
    await writer.write(
      { lower: [0, 0, 0], upper: [1, 1, 3] },
      { data: Uint8Array.of(1, 2, 3), shape: [1, 1, 3] },
    );
    expect(await readdir(folder)).toEqual([expect.stringMatching(/^volume\.npy\.[0-9a-f]{12}\.partial$/)]);
    await writer.flush();
    expect(await readdir(folder)).toEqual(["volume.npy"]);
    expect([...(await readFile(path)).subarray(-6)]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("is given up by a writer that is aborted", async () => {
    const writer = new NpyWriter(await fileSink(join(folder, "volume.npy")));
    await writer.begin(volumeInfo([2, 1, 3]));
    await writer.abort();
    expect(await readdir(folder)).toEqual([]);
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

  it("leaves a file alone that has the old temporary name", async () => {
    const path = join(folder, "volume.npy");
    await writeFile(`${path}.partial`, "mine");
    const given = await fileSink(path);
    await given.discard();
    const kept = await fileSink(path);
    await kept.close();
    expect(await readdir(folder)).toEqual(["volume.npy", "volume.npy.partial"]);
    expect(await readFile(`${path}.partial`, "utf8")).toBe("mine");
  });

  it("follows symbolic links, also to what does not exist yet", async () => {
    const elsewhere = join(folder, "elsewhere");
    await mkdir(join(elsewhere, "deep"), { recursive: true });
    await writeFile(join(elsewhere, "old.npy"), "old");
    await symlink("elsewhere/old.npy", join(folder, "a.npy"));
    await symlink("elsewhere/deep", join(folder, "other"));
    await symlink("other/../new.npy", join(folder, "b.npy"));
    for (const name of ["a.npy", "b.npy"]) {
      const sink = await fileSink(join(folder, name));
      await sink.write(0, Buffer.from("new"));
      expect((await readdir(elsewhere)).filter((entry) => entry.endsWith(".partial"))).toHaveLength(1);
      await sink.close();
      expect((await lstat(join(folder, name))).isSymbolicLink()).toBe(true);
      expect(await readFile(join(folder, name), "utf8")).toBe("new");
    }
    expect(await readdir(folder)).toEqual(["a.npy", "b.npy", "elsewhere", "other"]);
    expect(await readdir(elsewhere)).toEqual(["deep", "new.npy", "old.npy"]);
    await symlink("circle", join(folder, "circle"));
    await expect(fileSink(join(folder, "circle"))).rejects.toMatchObject({ code: "ELOOP" });
  });

  it("refuses what is no file, and leaves it alone", async () => {
    execFileSync("sh", ["-c", 'mkfifo "$0"', join(folder, "pipe")]);
    await symlink("pipe", join(folder, "to-pipe"));
    await mkdir(join(folder, "folder"));
    const cases = {
      pipe: "a pipe",
      "to-pipe": "a pipe",
      folder: "a folder",
      "new/": "a folder",
      "": "a folder",
    };
    for (const [name, what] of Object.entries(cases)) {
      const refused = fileSink(name === "" ? "" : `${folder}/${name}`);
      await expect(refused).rejects.toMatchObject({ code: "invalid-out" });
      await expect(refused).rejects.toThrow(`${name}" is ${what}, and not a file`);
    }
    expect(await readdir(folder)).toEqual(["folder", "pipe", "to-pipe"]);
    expect((await lstat(join(folder, "pipe"))).isFIFO()).toBe(true);
  });

  it("leaves nothing where it cannot be put in its place", async () => {
    const path = join(folder, "volume.npy");
    const sink = await fileSink(path);
    await mkdir(path);
    await expect(sink.close()).rejects.toMatchObject({ code: "invalid-out" });
    await sink.discard();
    expect(await readdir(folder)).toEqual(["volume.npy"]);
    expect((await lstat(path)).isDirectory()).toBe(true);
  });

  it("rejects where the folder is missing", async () => {
    await expect(fileSink(join(folder, "none", "x"))).rejects.toMatchObject({ code: "ENOENT" });
  });
});
