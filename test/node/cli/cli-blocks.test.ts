import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type SampleServer, startSampleServer } from "../../../src/sample/sample-server.node.js";
import { sampleStacks } from "../../../src/sample/sample-stack.js";
import type { CliSetup } from "../../support/programs/run-cli.js";
import { runCli } from "../../support/programs/warm-command-line.js";
import { serve } from "../../support/servers/serve.js";

let server: SampleServer;
beforeAll(async () => {
  server = await startSampleServer({ stacks: sampleStacks({ dimension: { x: 300, y: 200, z: 24 } }) });
});
afterAll(() => server.close());

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "catmaid-image-cli-"));
});
afterEach(() => rm(folder, { recursive: true }));

const run = (words: readonly string[], setup: CliSetup = {}) => runCli(words, { cwd: folder, ...setup });
const tissue = () => `${server.url}1/stack/1/info`;
const labels = () => `${server.url}1/stack/4/info`;

/** The voxels of a .npy file, and its header. */
async function npy(name: string) {
  const file = await readFile(join(folder, name));
  const start = 10 + file.readUInt16LE(8);
  const voxels = new Uint8Array(file.subarray(start)).buffer;
  return { header: file.subarray(10, start).toString("latin1"), voxels };
}

/** The ids at stack voxels [x, y, z] of the label stack, had by `get`. */
async function idsAt(voxels: readonly (readonly number[])[]): Promise<bigint[]> {
  await run(["get", labels(), "--roi", "all", "-o", "all.npy", "--overwrite"]);
  const ids = new BigUint64Array((await npy("all.npy")).voxels);
  return voxels.map(([x = 0, y = 0, z = 0]) => ids[(z * 200 + y) * 300 + x] as bigint);
}

describe("catmaid-image info", () => {
  it("says of mirrors of blocks what they have: data type, block size, encoding, shards", async () => {
    const { code, stdout, stderr } = await run(["info", labels()]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(
      /0 {2}N5: type 11, n5\n +zoom 0(?: to \d)?: uint64 labels, blocks of \d+ × \d+ × \d+ \(x, y, z\), gzip\n/,
    );
    expect(stdout).toMatch(
      /2 {2}Precomputed, sharded: type 14, precomputed\n.*, compressed_segmentation, in shards\n/,
    );
    const { mirrors } = JSON.parse((await run(["info", labels(), "--json"])).stdout) as {
      mirrors: { blocks: { levels: object[] } }[];
    };
    expect(mirrors[2]?.blocks).toMatchObject({ blockFormat: "precomputed", isLabels: true, warnings: [] });
    expect(mirrors[2]?.blocks.levels[0]).toMatchObject({
      zoomLevel: 0,
      dataType: "uint64",
      encoding: "compressed_segmentation",
      sharded: true,
      lower: [0, 0, 0],
      upper: [24, 200, 300],
    });
  });

  it("says why a mirror cannot be read, and asks none with --offline; either way with code 0", async () => {
    const url = await serve((_, response) => response.writeHead(404).end());
    const info = {
      ...((await (await fetch(labels())).json()) as object),
      mirrors: [
        {
          id: 1,
          title: "gone",
          position: 0,
          image_base: `${url}c.n5/%SCALE_DATASET%/0_1_2`,
          file_extension: "",
          tile_width: 64,
          tile_height: 64,
          tile_source_type: 11,
        },
      ],
    };
    await writeFile(join(folder, "stack.json"), JSON.stringify(info));
    const { code, stdout } = await run(["info", "stack.json"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/gone: type 11, n5\n +cannot be read: /);
    const offline = await run(["info", "stack.json", "--offline"]);
    expect(offline).toMatchObject({ code: 0, stderr: "" });
    expect(offline.stdout).not.toContain("cannot be read");
  });
});

describe("catmaid-image mirrors", () => {
  it("says of mirrors of blocks what they have", async () => {
    const { code, stdout } = await run(["mirrors", labels()]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/N5 \(type 11\): .*\n +zoom 0.*: uint64 labels, blocks of /);
  });
});

describe("catmaid-image get, of blocks", () => {
  const region = ["--roi", "x=90:130,y=80:110,z=2:6"];

  it("gives the same voxels as tiles, and says how many blocks", async () => {
    const tiles = await run(["get", tissue(), ...region, "-o", "tiles.npy"]);
    expect(tiles.code).toBe(0);
    const expected = await npy("tiles.npy");
    for (const mirror of ["N5", "Precomputed", "Precomputed, sharded"]) {
      const words = ["get", tissue(), ...region, "--mirror", mirror, "-o", "blocks.npy", "--overwrite"];
      const { code, stdout, stderr } = await run(words);
      expect(code).toBe(0);
      expect(stderr).toMatch(/ \d+ blocks? from /);
      expect(stdout).toMatch(/^blocks {3}\d+ fetched; /m);
      expect(await npy("blocks.npy")).toEqual(expected);
    }
  });

  it("writes .npy and raw files of 64 bits, and refuses a picture of them in a sentence", async () => {
    expect((await run(["get", labels(), ...region, "-o", "ids.npy"])).code).toBe(0);
    const { header, voxels } = await npy("ids.npy");
    expect(header).toContain("'descr': '<u8', 'fortran_order': False, 'shape': (4, 30, 40)");
    expect(new BigUint64Array(voxels).some((id) => id > 2n ** 53n)).toBe(true);
    expect((await run(["get", labels(), ...region, "-o", "ids.raw"])).code).toBe(0);
    expect(new Uint8Array(await readFile(join(folder, "ids.raw")))).toEqual(new Uint8Array(voxels));
    expect(JSON.parse(await readFile(join(folder, "ids.raw.json"), "utf8"))).toMatchObject({
      dtype: "uint64",
    });
    expect(await run(["get", labels(), ...region, "-o", "ids.png"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        "pictures have 8 bits, and the voxels are uint64: write them as .npy or .raw",
      ),
    });
  });

  it("fills with any value that the type holds, and refuses others", async () => {
    const words = ["get", labels(), "--roi", "x=-1:1,y=0:1,z=0", "-o", "fill.npy", "--overwrite"];
    const id = "18446744073709551615";
    expect((await run([...words, "--fill", id])).code).toBe(0);
    expect(new BigUint64Array((await npy("fill.npy")).voxels)[0]).toBe(BigInt(id));
    expect(await run([...words, "--fill=-1"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--fill must be a whole number of uint64"),
    });
    expect(await run([...words, "--data-type", "uint32"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--data-type is uint32, and the mirror has voxels of uint64"),
    });
  });
});

describe("catmaid-image sample", () => {
  // Voxels of 4 × 4 × 40 nm; the stack begins at 2000, −1200, 800.
  const nm = ([x = 0, y = 0, z = 0]: readonly number[]) => [
    2000 + 4 * x + 1,
    -1200 + 4 * y + 3,
    800 + 40 * z,
  ];
  const voxels = [
    [10, 20, 3],
    [299, 199, 23],
    [150, 100, 9],
  ];

  it("writes the lines of a CSV file with value and status, every digit of it", async () => {
    const [a, b, c] = await idsAt(voxels);
    const rows = voxels.map(nm).map(([x, y, z], i) => `${i},${z},"node ""${i}"", of a, b",${x},${y}`);
    await writeFile(join(folder, "nodes.csv"), `\ufeffid,Z,name,X,Y\r\n${rows.join("\r\n")}\r\n9,0,,0,0\r\n`);
    const { code, stdout, stderr } = await run(["sample", labels(), "--points", "nodes.csv"]);
    expect(code).toBe(0);
    expect(stdout.split("\n")).toEqual([
      "id,Z,name,X,Y,value,status",
      `${rows[0]},${a},ok`,
      `${rows[1]},${b},ok`,
      `${rows[2]},${c},ok`,
      "9,0,,0,0,,outside",
      "",
    ]);
    expect(stderr).toMatch(/^standard output: 4 points, 3 with a value \(uint64\), zoom 0\n/);
    expect(stderr).toContain("filled   1 point outside the stack");
  });

  it("takes three columns without a header, of standard input, in voxels, at a zoom level", async () => {
    const words = ["sample", tissue(), "--points", "-", "--space", "scaled", "--zoom", "1"];
    const { code, stdout } = await run(words, { stdin: "10,20,3\n\n10, 20, 3\n10,20,11" });
    expect(code).toBe(0);
    await run(["get", tissue(), "--roi", "x=10,y=20,z=3", "--space", "scaled", "--zoom", "1", "-o", "v.raw"]);
    const [value] = await readFile(join(folder, "v.raw"));
    expect(stdout).toBe(
      `x,y,z,value,status\n10,20,3,${value},ok\n10, 20, 3,${value},ok\n10,20,11,,broken-slice\n`,
    );
  });

  it("writes a file, prints the summary as JSON, and tells by --strict that points have no value", async () => {
    await writeFile(join(folder, "p.csv"), "x,y,z\n10,20,3\n-1,0,0\n");
    const words = ["sample", labels(), "--points", "p.csv", "--space", "stack", "-o", "ids.csv", "--json"];
    const { code, stdout } = await run([...words, "--strict"]);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      output: "ids.csv",
      points: 2,
      values: 1,
      dataType: "uint64",
      report: { outside: 1, blocks: { fetched: 1 } },
    });
    const [id] = await idsAt([[10, 20, 3]]);
    expect(await readFile(join(folder, "ids.csv"), "utf8")).toBe(
      `x,y,z,value,status\n10,20,3,${id},ok\n-1,0,0,,outside\n`,
    );
    expect(await run(words)).toMatchObject({ code: 2, stderr: expect.stringContaining("--overwrite") });
    expect((await run([...words, "--overwrite"])).code).toBe(0);
  });

  it("says so where no point lies in the stack: the numbers are those of another space", async () => {
    const { code, stderr } = await run(["sample", labels(), "--points", "-"], { stdin: "1,2,3" });
    expect(code).toBe(0);
    expect(stderr).toContain(
      "warning: no point lies in the stack: are the numbers those of --space project?",
    );
  });

  it.each<readonly [string, string, RegExp]>([
    ["nothing", "", /standard input is empty/],
    ["no column y", "x,z\n1,2\n", /standard input, line 1: there is no column "y"/],
    ["columns by other signs", "x;y;z\n1;2;3\n", /line 1: there is no column "x": .* with commas between/],
    ["a column twice", "x,y,z,X\n", /line 1: there are two columns "x"/],
    ["a column that is added", "x,y,z,value\n", /line 1: there is a column "value" already/],
    ["text for a number", "x,y,z\n1,2,3\n4,five,6\n", /line 3, column y: it is "five", which is no number/],
    ["infinity", "x,y,z\n1,2,1e999\n", /line 2, column z: it is "1e999", which is no number/],
    ["a short line", "id,x,y,z\n1,2,3\n", /line 2, column z: it is not there/],
    ["an open quote", 'x,y,z,name\n1,2,3,"a\n', /standard input is no CSV file: Quote Not Closed/],
  ])(
    "refuses points with %s, and names line and column, before it asks for a block",
    async (_what, stdin, message) => {
      const before = server.counts.tiles.get("4/n5") ?? 0;
      const { code, stdout, stderr } = await run(["sample", labels(), "--points", "-"], { stdin });
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(message);
      expect(stderr).toMatch(/^catmaid-image: [^\n]+\nSee catmaid-image sample --help\n$/);
      expect(server.counts.tiles.get("4/n5") ?? 0).toBe(before);
    },
  );

  it("refuses what it is not given, or given twice", async () => {
    expect(await run(["sample", labels()])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/which points/),
    });
    expect(await run(["sample", "-", "--points", "-"])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/standard input is either/),
    });
    expect(await run(["sample", labels(), "--points", "none.csv"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no file "none.csv"'),
    });
    expect(
      await run(["sample", labels(), "--points", "-", "--zoom", "99"], { stdin: "1,2,3" }),
    ).toMatchObject({
      code: 2,
    });
  });
});
