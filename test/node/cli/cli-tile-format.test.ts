import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { pngFixture } from "../../support/images/png-fixtures.js";
import { modelStackInfo } from "../../support/model/model-fetcher.js";
import { modelStack } from "../../support/model/model-stack.js";
import type { CliResult } from "../../support/programs/run-cli.js";
import { runCli } from "../../support/programs/warm-command-line.js";
import { serve } from "../../support/servers/serve.js";
import { sha256 } from "../../support/sha-256.js";

const fixture = pngFixture("rgb-16");
const { width, height } = fixture;

/** Runs `get` for one tile in colour, of 16 bits. */
async function get(...words: string[]): Promise<CliResult & { file: (name: string) => Promise<Buffer> }> {
  const folder = await mkdtemp(join(tmpdir(), "catmaid-image-cli-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const url = await serve((_, response) => response.writeHead(200).end(fixture.png));
  const stack = modelStack({
    tileWidth: width,
    tileHeight: height,
    dimension: { x: width, y: height, z: 1 },
  });
  await writeFile(join(folder, "stack.json"), JSON.stringify(modelStackInfo(stack, [url])));
  const result = await runCli(["get", "stack.json", "--roi", "all", ...words], { cwd: folder });
  return { ...result, file: (name) => readFile(join(folder, name)) };
}

function partsOfNpy(file: Buffer): [header: string, voxels: Uint8Array<ArrayBuffer>] {
  const start = 10 + file.readUInt16LE(8);
  return [file.subarray(10, start).toString("latin1"), new Uint8Array(file.subarray(start))];
}

test("--data-type uint16 writes .npy files of two bytes a voxel, little-endian", async () => {
  const { code, stdout, file } = await get("--data-type", "uint16", "-o", "volume.npy", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ dtype: "uint16", shape: [1, height, width] });
  const [header, voxels] = partsOfNpy(await file("volume.npy"));
  expect(header).toContain(`'descr': '<u2', 'fortran_order': False, 'shape': (1, ${height}, ${width})`);
  expect(new Uint16Array(voxels.buffer)).toEqual(fixture.grey);
});

test.each(["0", "1", "2"])("--channel %s writes that channel", async (channel) => {
  const words = ["--data-type", "uint16", "--channel", channel, "--format", "raw", "-o", "volume.raw"];
  const { code, file } = await get(...words);
  expect(code).toBe(0);
  expect(await sha256(new Uint8Array(await file("volume.raw")))).toBe(fixture.channels[channel]);
  expect(JSON.parse((await file("volume.raw.json")).toString())).toMatchObject({ dtype: "uint16" });
});

test("a fill value may have 16 bits where voxels have", async () => {
  const words = ["--fill", "65535", "-o", "volume.npy"];
  expect(await get(...words)).toMatchObject({ code: 2, stderr: expect.stringContaining("from 0 to 255") });
  expect(await get("--data-type", "uint16", ...words)).toMatchObject({ code: 0 });
});

test("without the option the error says how it is called here", async () => {
  const { code, stderr } = await get("-o", "volume.npy");
  expect(code).toBe(1);
  expect(stderr).toContain(
    "the PNG has 16 bits a sample, which voxels of 8 do not hold: ask for --data-type uint16",
  );
});

test("a channel that is not there, a type that is none, and a picture of 16 bits are refused", async () => {
  const wide = ["--data-type", "uint16"];
  expect(await get(...wide, "--channel", "3", "-o", "volume.npy")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("the PNG is in colour and has no alpha (--channel 3)"),
  });
  expect(await get(...wide, "--channel", "4", "-o", "volume.npy")).toMatchObject({ code: 2 });
  expect(await get("--data-type", "uint32", "-o", "volume.npy")).toMatchObject({ code: 2 });
  expect(await get(...wide, "-o", "picture.png")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("pictures have 8 bits"),
  });
});
