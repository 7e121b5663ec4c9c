import { describe, expect, test } from "vitest";
import { oneKind, openFetcher } from "../../support/fetching/open-fetcher.js";
import { encodeGreyPng } from "../../support/images/encode-grey-png.js";
import { jpegFixture } from "../../support/images/jpeg-fixtures.js";
import { pngFixture } from "../../support/images/png-fixtures.js";
import { sha256 } from "../../support/sha-256.js";

const [width, height] = [37, 23];
const stack = { tileWidth: width, tileHeight: height, dimension: { x: width, y: height, z: 3 } };
const plane = (z: number): [number[], number[]] => [
  [z, 0, 0],
  [z + 1, height, width],
];
/** Section z is brighter than the one above it. */
const sectionOf = (z: number): Uint16Array<ArrayBuffer> =>
  Uint16Array.from({ length: width * height }, (_, i) => 1000 * z + 61 * i);
const files = [0, 1, 2].map((z) => encodeGreyPng(sectionOf(z), width, height));
const ofSection = { script: ({ depth }: { depth: number }) => ({ file: files[depth] ?? Buffer.of() }) };

describe.each(oneKind)("%s, tiles of 16 bits", (_, make) => {
  const wide = { dataType: "uint16" } as const;

  test("fill a volume of 16 bits, in any axis order", async () => {
    const { fetcher } = await openFetcher(make, { ...ofSection, stack, options: wide });
    const { data, report } = await fetcher.get(plane(1));
    expect(data).toEqual(sectionOf(1));
    expect(report).toMatchObject({ tiles: { planned: 1, fetched: 1 }, filled: [] });
    expect(Object.keys(report.decoders)).toEqual([expect.stringMatching(/^png-/)]);
    const turned = await openFetcher(make, {
      ...{ ...ofSection, stack },
      options: { ...wide, outputOrientation: "xyz" },
    });
    const columns = await turned.fetcher.get([
      [0, 0, 2],
      [width, height, 3],
    ]);
    const expected = sectionOf(2).map(
      (__, i, all) => all[(i % height) * width + Math.floor(i / height)] ?? 0,
    );
    expect(columns.data).toEqual(expected);
  });

  test("stand beside tiles of 8 bits, which keep their values", async () => {
    const grey = pngFixture("grey-8");
    const { fetcher } = await openFetcher(make, {
      ...{ stack, options: wide },
      script: ({ depth }) => ({ file: depth === 0 ? Buffer.from(grey.png) : (files[depth] ?? Buffer.of()) }),
    });
    const { data } = await fetcher.get([
      [0, 0, 0],
      [2, height, width],
    ]);
    expect(data).toEqual(Uint16Array.of(...grey.grey, ...sectionOf(1)));
  });

  test("are blended over a broken section, and filled with a value of 16 bits", async () => {
    const { fetcher } = await openFetcher(make, {
      ...ofSection,
      stack: { ...stack, brokenSlices: [1] },
      options: { ...wide, brokenSliceHandling: "interpolate" },
    });
    expect((await fetcher.get(plane(1))).data).toEqual(sectionOf(1));
    const filling = await openFetcher(make, {
      ...{ ...ofSection, stack: { ...stack, brokenSlices: [1] } },
      options: { ...wide, fillValue: 65535 },
    });
    expect((await filling.fetcher.get(plane(1))).data).toEqual(sectionOf(1).fill(65535));
  });

  test("go into an out that holds them, and into no other, which is said before the first request", async () => {
    const { fetcher, server } = await openFetcher(make, { ...ofSection, stack, options: wide });
    await expect(fetcher.get(plane(0), { out: new Uint8Array(width * height) })).rejects.toMatchObject({
      code: "invalid-out",
      message: expect.stringContaining("does not hold uint16 voxels"),
    });
    expect(server.requests).toEqual([]);
    const { data } = await fetcher.get(plane(2), { out: new Float32Array(width * height) });
    expect(data).toEqual(Float32Array.from(sectionOf(2)));
  });

  test("are an error that names the option where 8 bits are asked for", async () => {
    const { fetcher } = await openFetcher(make, { ...ofSection, stack });
    await expect(fetcher.get(plane(0))).rejects.toMatchObject({
      code: "tile-decode",
      reason: "unsupported-image",
      attempts: 1,
      message: expect.stringContaining('ask for dataType: "uint16"'),
    });
  });
});

describe.each(oneKind)("%s, tiles in colour", (_, make) => {
  test.each([0, 1, 2, 3])("channel %i of a PNG, of 8 and of 16 bits", async (channel) => {
    for (const [name, dataType] of [
      ["rgb-alpha-8-interlaced", "uint8"],
      ["rgb-alpha-16", "uint16"],
    ] as const) {
      const { png, channels } = pngFixture(name);
      const { fetcher } = await openFetcher(make, {
        ...{ stack, options: { dataType, channel } },
        script: () => ({ file: Buffer.from(png) }),
      });
      expect(await sha256((await fetcher.get(plane(0))).data)).toBe(channels[channel]);
    }
  });

  test.each([0, 1, 2])("channel %i of a JPEG", async (channel) => {
    const { jpeg, channels, width: x, height: y } = jpegFixture("colour-420");
    const { fetcher } = await openFetcher(make, {
      stack: { tileWidth: x, tileHeight: y, dimension: { x, y, z: 1 } },
      options: { channel },
      script: () => ({ file: Buffer.from(jpeg) }),
    });
    const { data } = await fetcher.get([
      [0, 0, 0],
      [1, y, x],
    ]);
    expect(await sha256(data)).toBe(channels[channel]);
  });

  test("a channel that a tile does not have is an error", async () => {
    const { fetcher } = await openFetcher(make, {
      ...{ stack, options: { channel: 2 } },
      script: () => ({ file: Buffer.from(pngFixture("grey-8").png) }),
    });
    await expect(fetcher.get(plane(0))).rejects.toMatchObject({
      code: "tile-decode",
      message: expect.stringContaining("the PNG is grey and has no blue (channel: 2)"),
    });
  });
});
