import UPNG from "upng-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cellAt } from "../../../src/sample/draw-sample.js";
import { type SampleServer, startSampleServer } from "../../../src/sample/sample-server.node.js";
import { type SampleStack, sampleStacks } from "../../../src/sample/sample-stack.js";
import { jsonAt, readN5, readPrecomputed, type Three } from "../../support/blocks/read-block-volume.js";
import { isTried } from "../../support/thorough.js";

/** Several blocks along each axis, none of them whole at the end, and a last level of another factor along z. */
const downsampleFactors = [
  { x: 1, y: 1, z: 1 },
  { x: 2, y: 2, z: 1 },
  { x: 4, y: 4, z: 2 },
];
const stacks = sampleStacks({ dimension: { x: 231, y: 103, z: 25 }, downsampleFactors });
const [xy, xz, zy, cells] = stacks as readonly [SampleStack, SampleStack, SampleStack, SampleStack];

let server: SampleServer;
beforeAll(async () => {
  server = await startSampleServer({ stacks });
});
afterAll(() => server.close());

/** A section of a level as the tile of the PNG mirror that holds all of it; undefined where it is broken. */
async function tileOf(
  stack: SampleStack,
  z: number,
  zoomLevel: number,
): Promise<((x: number, y: number) => number) | undefined> {
  const query = `x=0&y=0&width=256&height=256&scale=${2 ** -zoomLevel}&z=${z}`;
  const response = await fetch(`${server.url}tiles/${stack.id}/query/?${query}`);
  const body = await response.arrayBuffer();
  if (response.status === 404) return undefined;
  const rgba = new Uint8Array(UPNG.toRGBA8(UPNG.decode(body))[0] ?? new ArrayBuffer(0));
  return (x, y) => rgba[4 * (x + 256 * y)] as number;
}

const formats = [
  ["n5", readN5],
  ["precomputed", readPrecomputed],
  ["sharded", readPrecomputed],
] as const;
const levels = [0, 1, 2];

const planes = [
  ["xy", xy, [0, 1, 2], 1],
  ["xz", xz, [0, 2, 1], 17],
  ["zy", zy, [2, 1, 0], 19],
] as const;

describe.each(formats)("blocks of the sample server: %s", (key, read) => {
  const format = formats.findIndex(([name]) => name === key);

  it.each(planes.filter((_, plane) => isTried(3, format, plane) || isTried(3, format, plane, 1)))(
    "have the voxels of the PNG tiles, at every level and up to the edges, in %s",
    async (_, stack, dims, step) => {
      for (const zoomLevel of levels) {
        const { size, voxels } = await read(`${server.url}tiles/${stack.id}/${key}`, zoomLevel);
        const [width, height, depth] = dims.map((dim) => size[dim]) as unknown as Three;
        const factor = downsampleFactors[zoomLevel] ?? { x: 1, y: 1, z: 1 };
        expect([...size]).toEqual([231 / factor.x, 103 / factor.y, 25 / factor.z].map(Math.ceil));
        let different = 0;
        for (let z = 0; z < depth; z += step) {
          const tile = await tileOf(stack, z, zoomLevel);
          for (let y = 0; y < height; y++) {
            for (let x = 0; x < width; x++) {
              const at = [0, 0, 0];
              for (const [axis, value] of [x, y, z].entries()) at[dims[axis] as number] = value;
              const [i = 0, j = 0, k = 0] = at;
              if (voxels[i + size[0] * (j + size[1] * k)] !== (tile?.(x, y) ?? 0)) different++;
            }
          }
        }
        expect(different).toBe(0);
      }
    },
  );

  it("have the labels of the cells, at every level those of the voxels that it keeps", async () => {
    const full = await read(`${server.url}tiles/${cells.id}/${key}`, 0);
    let rounded = 0;
    for (let i = 0; i < full.voxels.length; i += 531) {
      const [x, y, z] = [i % 231, Math.floor(i / 231) % 103, Math.floor(i / 231 / 103)] as const;
      const label = full.voxels[i] as bigint;
      if (label === 0n) continue;
      expect(label % 2n ** 32n).toBe(BigInt(cellAt(x, y, z)));
      if (BigInt(Number(label)) !== label) rounded++;
    }
    expect(rounded).toBeGreaterThan(500);
    for (const zoomLevel of [1, 2]) {
      const { size, voxels } = await read(`${server.url}tiles/${cells.id}/${key}`, zoomLevel);
      const factor = downsampleFactors[zoomLevel] ?? { x: 1, y: 1, z: 1 };
      const kept = voxels.map((_, i) => {
        const [x, y, z] = [
          i % size[0],
          Math.floor(i / size[0]) % size[1],
          Math.floor(i / size[0] / size[1]),
        ] as const;
        return full.voxels[factor.x * x + 231 * (factor.y * y + 103 * factor.z * z)];
      });
      expect(voxels.every((label, i) => label === kept[i])).toBe(true);
    }
  });

  it("have the same labels as the other formats, and dark membranes where they have none", async () => {
    const base = (name: string) => `${server.url}tiles/${cells.id}/${name}`;
    const { voxels } = await read(base(key), 0);
    const n5 = await readN5(base("n5"), 0);
    expect(voxels.every((label, i) => label === n5.voxels[i])).toBe(true);
    const tile = await tileOf(xy, 20, 0);
    const greys = { cell: [] as number[], membrane: [] as number[] };
    for (let y = 0; y < 103; y++)
      for (let x = 0; x < 231; x++)
        greys[voxels[x + 231 * (y + 103 * 20)] === 0n ? "membrane" : "cell"].push(tile?.(x, y) ?? 0);
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(greys.cell) - mean(greys.membrane)).toBeGreaterThan(50);
    expect(greys.membrane.length / (231 * 103)).toBeLessThan(0.3);
    expect(new Set(voxels).size).toBeGreaterThan(10);
    const unsafe = [...new Set(voxels as bigint[])].filter((label) => label > 2n ** 53n);
    expect(unsafe.length).toBe(new Set(voxels).size - 1);
    // Sections 11 and 12 are broken.
    expect(voxels.slice(231 * 103 * 11, 231 * 103 * 13).every((label) => label === 0n)).toBe(true);
    expect(voxels.slice(231 * 103 * 10, 231 * 103 * 11).some((label) => label !== 0n)).toBe(true);
  });
});

describe("metadata of the sample server's blocks", () => {
  it("say where N5 lies in space, as neuroglancer reads it, whatever the plane of the stack", async () => {
    for (const stack of [xy, xz, zy]) {
      const root = await jsonAt(`${server.url}tiles/${stack.id}/n5/attributes.json`);
      expect(root).toMatchObject({
        n5: "4.0.0",
        axes: ["x", "y", "z"],
        units: ["nm", "nm", "nm"],
        resolution: [4, 4, 40],
        scales: [
          [1, 1, 1],
          [2, 2, 1],
          [4, 4, 2],
        ],
      });
      expect(await jsonAt(`${server.url}tiles/${stack.id}/n5/s2/attributes.json`)).toMatchObject({
        dimensions: [58, 26, 13],
        downsamplingFactors: [4, 4, 2],
      });
    }
  });

  it("say where precomputed scales lie, and how they are encoded", async () => {
    expect(await jsonAt(`${server.url}tiles/${cells.id}/sharded/info`)).toMatchObject({
      type: "segmentation",
      data_type: "uint64",
      scales: [
        {
          key: "4_4_40",
          size: [231, 103, 25],
          resolution: [4, 4, 40],
          voxel_offset: [500, -300, 20],
          encoding: "compressed_segmentation",
          sharding: { hash: "identity", minishard_index_encoding: "gzip", data_encoding: "gzip" },
        },
        { key: "8_8_40", voxel_offset: [250, -150, 20] },
        { key: "16_16_80", voxel_offset: [125, -75, 10], size: [58, 26, 13] },
      ],
    });
    const plain = await jsonAt(`${server.url}tiles/${xy.id}/precomputed/info`);
    expect(plain).toMatchObject({ type: "image", data_type: "uint8" });
    expect(JSON.stringify(plain)).not.toMatch(/sharding/);
  });

  it.each([
    "n5/s3/attributes.json",
    "n5/s0/3/0/0",
    "n5/s0/0/0/2",
    "n5/s0/0/0",
    "n5/s0/0/0/0/0",
    "n5/s0/-1/0/0",
    "n5/other.json",
    "precomputed/attributes.json",
    "precomputed/4_4_40/500-611_-300--204_20-40",
    "precomputed/4_4_40/501-613_-300--204_20-40",
    "precomputed/4_4_40/388-500_-300--204_20-40",
    "precomputed/4_4_40/500-612_-300--204",
    "precomputed/4_4_40/0.shard",
    "precomputed/4_4_41/500-612_-300--204_20-40",
    "sharded/4_4_40/500-612_-300--204_20-40",
    "sharded/4_4_40/00.shard",
    "sharded/4_4_40/8.shard",
    "sharded/4_4_40/g.shard",
    "sharded/4_4_40/0.SHARD",
  ])("name no other file than there are: %s", async (path) => {
    const response = await fetch(`${server.url}tiles/1/${path}`);
    await response.text();
    expect(response.status).toBe(404);
  });
});
