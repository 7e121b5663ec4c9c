import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exitCodeOf } from "../../src/cli/exit-code.js";
import { fileTrouble } from "../../src/cli/output/file-trouble.node.js";
import { checkOutput, OutputFiles, writeWhole } from "../../src/cli/output/output-file.node.js";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "catmaid-image-output-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("OutputFiles", () => {
  const begin = async (): Promise<{ files: OutputFiles; volume: string; metadata: string }> => {
    const files = new OutputFiles();
    const volume = join(folder, "v.npy");
    const metadata = `${volume}.json`;
    await writeWhole(await files.open(volume), "voxels");
    await writeWhole(await files.open(metadata), "{}");
    return { files, volume, metadata };
  };

  it("come into being together", async () => {
    const { files, volume, metadata } = await begin();
    expect((await readdir(folder)).filter((name) => !name.endsWith(".partial"))).toEqual([]);
    await files.commit();
    await files.discard();
    expect(await readdir(folder)).toEqual(["v.npy", "v.npy.json"]);
    expect([await readFile(volume, "utf8"), await readFile(metadata, "utf8")]).toEqual(["voxels", "{}"]);
  });

  it("replace what was there", async () => {
    await writeFile(join(folder, "v.npy"), "old");
    await writeFile(join(folder, "v.npy.json"), "old");
    const { files, volume, metadata } = await begin();
    await files.commit();
    await files.discard();
    expect(await readdir(folder)).toEqual(["v.npy", "v.npy.json"]);
    expect([await readFile(volume, "utf8"), await readFile(metadata, "utf8")]).toEqual(["voxels", "{}"]);
  });

  it.each([undefined, "old"])("do not come into being where one cannot; before: %s", async (before) => {
    if (before !== undefined) await writeFile(join(folder, "v.npy"), before);
    const { files, volume, metadata } = await begin();
    await mkdir(metadata);
    await expect(files.commit()).rejects.toThrow(/v\.npy\.json" is a folder/);
    await files.discard();
    expect(await readdir(folder)).toEqual(before === undefined ? ["v.npy.json"] : ["v.npy", "v.npy.json"]);
    if (before !== undefined) expect(await readFile(volume, "utf8")).toBe(before);
  });
});

describe("checkOutput", () => {
  it("takes new files, old ones, and links to them", async () => {
    await writeFile(join(folder, "old"), "");
    await symlink("old", join(folder, "link"));
    for (const name of ["new", "old", "link"]) await checkOutput(join(folder, name));
    expect(await readdir(folder)).toEqual(["link", "old"]);
  });

  it.each([
    ["none/v.npy", /^there is no folder ".*none" to write ".*none\/v\.npy" to: make it, or name another$/],
    ["file/v.npy", /leads through a file as if it were a folder/],
    ["folder", /is a folder/],
    ["circle", /leads back to itself/],
    [`${"x".repeat(300)}.npy`, /is too long a name/],
  ])("refuses %s", async (name, message) => {
    await writeFile(join(folder, "file"), "");
    await mkdir(join(folder, "folder"));
    await symlink("circle", join(folder, "circle"));
    await expect(checkOutput(join(folder, name))).rejects.toMatchObject({ name: "UsageError", message });
  });
});

describe("fileTrouble", () => {
  it.each([
    ["EACCES", /^"v\.npy" may not be written to "\/.*": get the permission to, or name another folder$/],
    ["EPERM", /may not be written/],
    ["EROFS", /on a disk that can only be read/],
    ["ENOSPC", /^the disk of "v\.npy" is full: make room on it, or ask for less$/],
    ["EDQUOT", /is full/],
    ["EFBIG", /larger than its disk allows/],
    ["EIO", /^"v\.npy" cannot be written: EIO; try another place$/],
  ])("says what %s means, and fails with 1", (code, message) => {
    const trouble = fileTrouble("write", "v.npy", Object.assign(new Error("raw"), { code }));
    expect(trouble.message).toMatch(message);
    expect(exitCodeOf(trouble)).toBe(1);
  });

  it("says what keeps a file from being read", () => {
    const trouble = (code: string) =>
      fileTrouble("read", "s.json", Object.assign(new Error("raw"), { code }));
    expect(trouble("ENOENT").message).toBe('there is no file "s.json" to read a stack info from');
    expect(trouble("EACCES").message).toMatch(/^"s\.json" may not be read/);
  });
});
