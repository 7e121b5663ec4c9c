import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exitCodeOf } from "../../../src/cli/exit-code.js";
import { fileTrouble } from "../../../src/cli/output/file-trouble.node.js";
import { OutputFiles, writeWhole } from "../../../src/cli/output/output-file.node.js";
import { UsageError } from "../../../src/cli/usage-error.js";
import { fileSink } from "../../../src/out/sink/file-sink.node.js";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "catmaid-image-output-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("OutputFiles", () => {
  const begin = async (): Promise<{ files: OutputFiles; volume: string; metadata: string }> => {
    const files = new OutputFiles(true);
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

describe("OutputFiles.open", () => {
  it("takes new files, and with leave to overwrite old ones and links to them", async () => {
    await writeFile(join(folder, "old"), "mine");
    await symlink("old", join(folder, "link"));
    const [careful, bold] = [new OutputFiles(false), new OutputFiles(true)];
    for (const name of ["new", "old", "link"]) await bold.open(join(folder, name));
    await careful.open(join(folder, "new"));
    for (const name of ["old", "link"]) {
      await expect(careful.open(join(folder, name))).rejects.toThrow(`${name}" is there already`);
    }
    await careful.discard();
    await bold.discard();
    expect(await readdir(folder)).toEqual(["link", "old"]);
    expect(await readFile(join(folder, "old"), "utf8")).toBe("mine");
  });

  it("takes no place that another file took meanwhile", async () => {
    const files = new OutputFiles(false);
    await writeWhole(await files.open(join(folder, "v.npy")), "voxels");
    await writeWhole(await files.open(join(folder, "v.npy.json")), "{}");
    await writeFile(join(folder, "v.npy.json"), "other");
    await expect(files.commit()).rejects.toThrow('v.npy.json" is there already');
    await files.discard();
    expect(await readdir(folder)).toEqual(["v.npy.json"]);
    expect(await readFile(join(folder, "v.npy.json"), "utf8")).toBe("other");
  });

  it("keeps a file that is write-protected", async () => {
    const path = join(folder, "v.npy");
    await writeFile(path, "mine");
    await chmod(path, 0o444);
    for (const overwrite of [true, false]) {
      await expect(new OutputFiles(overwrite).open(path)).rejects.toThrow(UsageError);
    }
    await expect(fileSink(path)).rejects.toThrow(`"${path}" is write-protected`);
    expect(await readdir(folder)).toEqual(["v.npy"]);
  });

  it("lets nobody read the new file who could not read the old one", async () => {
    const path = join(folder, "v.npy");
    await writeFile(path, "mine", { mode: 0o600 });
    const files = new OutputFiles(true);
    await writeWhole(await files.open(path), "voxels");
    await files.commit();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await files.discard();
  });

  it.each([
    ["none/v.npy", /^there is no folder ".*none" to write ".*none\/v\.npy" to: make it, or name another$/],
    ["link-elsewhere", /^there is no folder ".*elsewhere" to write ".*link-elsewhere" to/],
    ["file/v.npy", /leads through a file as if it were a folder/],
    ["folder", /is a folder/],
    ["circle", /leads back to itself/],
    [`${"x".repeat(300)}.npy`, /is too long a name/],
  ])("refuses %s", async (name, message) => {
    await writeFile(join(folder, "file"), "");
    await mkdir(join(folder, "folder"));
    await symlink("circle", join(folder, "circle"));
    await symlink("elsewhere/v.npy", join(folder, "link-elsewhere"));
    const files = new OutputFiles(true);
    await expect(files.open(join(folder, name))).rejects.toMatchObject({ name: "UsageError", message });
    await files.discard();
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
    expect(trouble("ENOENT").message).toBe(
      'there is no file "s.json": check its name, and the folder that it is in',
    );
    expect(trouble("EACCES").message).toMatch(/^"s\.json" may not be read/);
  });
});
