import { type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleForNode } from "../support/programs/bundle-for-node.js";

let folder = "";
let bundle: Awaited<ReturnType<typeof bundleForNode>>;
let whole: ReadonlyMap<string, string>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "catmaid-image-"));
  bundle = await bundleForNode("test/support/exports/export-to-folder.ts");
  // Another user runs it too.
  await chmod(folder, 0o755);
  await chmod(bundle.folder, 0o755);
  const run = await exporting(join(folder, "whole"));
  expect(run).toMatchObject({ code: 0, stderr: "" });
  whole = await filesUnder(join(folder, "whole"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await rm(bundle.folder, { recursive: true });
});

const script = (path: string, existing: string): string =>
  `const { exportToFolder } = await import(${JSON.stringify(bundle.url)}); await exportToFolder(${JSON.stringify(path)}, "${existing}");`;

interface Run {
  readonly code: number | null;
  readonly stderr: string;
}

/** Exports in a process of its own, which is killed when it is about to store the file of a number. */
async function exporting(
  path: string,
  killAt = Number.POSITIVE_INFINITY,
  options: SpawnOptions = {},
): Promise<Run> {
  const args = ["--input-type=module", "-e", script(path, "resume")];
  const child = spawn(process.execPath, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let stderr = "";
  let files = 0;
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    files += text.split("\n").length - 1;
    if (files >= killAt) child.kill("SIGKILL");
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stderr };
}

/** All files, by path. */
async function filesUnder(root: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  // It may have been killed before it made the folder.
  if (!existsSync(root)) return files;
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) files.set(path.slice(root.length + 1), (await readFile(path)).toString("latin1"));
  }
  return new Map([...files].sort());
}

/** What a reader looks at. */
const seen = (files: ReadonlyMap<string, string>): string[] =>
  [...files.keys()].filter((path) => !path.startsWith("."));

test("trap 48: killed at 20 random moments and resumed each time, an export is the same, and never there in part", async () => {
  let exports = 0;
  let path = join(folder, "killed-0");
  for (let kills = 0; kills < 20; ) {
    const killAt = 1 + Math.floor(Math.random() * 40);
    const { code, stderr } = await exporting(path, killAt);
    expect(stderr).toBe("");
    const files = await filesUnder(path);
    for (const file of seen(files)) expect(files.get(file)).toBe(whole.get(file));
    if (files.has("volume.json")) expect(seen(files)).toEqual(seen(whole));
    if (code === 0) {
      expect(files).toEqual(whole);
      path = join(folder, `killed-${++exports}`);
    } else kills++;
  }
  expect(await exporting(path)).toMatchObject({ code: 0, stderr: "" });
  expect(await filesUnder(path)).toEqual(whole);
});

test("trap 50: on a full disk an export ends with a sentence, is not there in part, and goes on when there is room", async () => {
  const [disk, copy] = [join(folder, "disk"), join(folder, "copy")];
  await mkdir(disk);
  const run = (name: string): string =>
    `node --input-type=module -e '${script(disk, "resume")}' 2>${copy}-${name} >/dev/null`;
  const commands = [
    `mount -t tmpfs -o size=400k none ${disk}`,
    `if ${run("full")}; then exit 3; fi`,
    `cp -r ${disk} ${copy}-left`,
    `mount -o remount,size=8m ${disk}`,
    run("room"),
    `cp -r ${disk} ${copy}-whole`,
  ];
  // A mount of its own, which goes with the process.
  const child = spawn("unshare", ["-rm", "sh", "-ec", commands.join("\n")], { stdio: "inherit" });
  expect(await once(child, "close")).toEqual([0, null]);
  expect(await readFile(`${copy}-full`, "utf8")).toMatch(/^ENOSPC: no space left on device, [a-z]+/);
  const left = await filesUnder(`${copy}-left`);
  expect(seen(left).length).toBeGreaterThan(10);
  expect(left.has("volume.json")).toBe(false);
  for (const file of seen(left)) expect(left.get(file)).toBe(whole.get(file));
  expect(await filesUnder(`${copy}-whole`)).toEqual(whole);
});

test("in a folder that may not be written to, an export ends with a sentence", async () => {
  const path = join(folder, "read-only");
  await mkdir(path);
  await chmod(path, 0o555);
  // Root may write everywhere.
  const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const { code, stderr } = await exporting(path, undefined, nobody);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^EACCES: permission denied, mkdir '.*\/read-only\/\.catmaid-image/);
  expect(await filesUnder(path)).toEqual(new Map());
});
