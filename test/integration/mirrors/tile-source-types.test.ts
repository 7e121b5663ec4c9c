import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CatmaidClient } from "../../../src/client/catmaid-client.js";
import { ImageFetcher } from "../../../src/fetcher/image-fetcher.js";
import { ThreadedImageFetcher } from "../../../src/fetcher/threaded-image-fetcher.js";
import { closeSharedPools } from "../../../src/pool/shared-pool.js";
import { drawSampleOnto } from "../../../src/sample/draw-sample.js";
import type { SampleServer } from "../../../src/sample/sample-server.node.js";
import { startSampleServer } from "../../../src/sample/sample-server.node.js";
import type { SampleStack } from "../../../src/sample/sample-stack.js";
import { sampleStacks } from "../../../src/sample/sample-stack.js";
import { isTried } from "../../support/thorough.js";

const stacks = sampleStacks({ dimension: { x: 600, y: 530, z: 6 }, brokenSlices: [] });
let server: SampleServer;
beforeAll(async () => {
  server = await startSampleServer({ stacks, token: "sample", basePath: "/catmaid/" });
});
afterAll(async () => {
  await server.close();
  await closeSharedPools();
});

/** Across the borders of tiles of 256, 512 and 1024 pixels where the stack has them, and up to its edge. */
const regions = {
  xy: { lower: [2, 500, 240], upper: [4, 530, 600] },
  xz: { lower: [100, 0, 240], upper: [102, 6, 600] },
  zy: { lower: [100, 500, 0], upper: [102, 530, 6] },
} as const;

function drawn({ plane, seed, shows }: SampleStack, zoomLevel: number): Uint8Array | BigUint64Array {
  const { lower, upper } = regions[plane];
  const [z, y, x] = [lower[0], Math.floor(lower[1] / 2 ** zoomLevel), Math.floor(lower[2] / 2 ** zoomLevel)];
  const height = Math.ceil(upper[1] / 2 ** zoomLevel) - y;
  const width = Math.ceil(upper[2] / 2 ** zoomLevel) - x;
  const size = width * height;
  const data = shows === "labels" ? new BigUint64Array(2 * size) : new Uint8Array(2 * size);
  for (const section of [0, 1]) {
    const canvas = { data: data.subarray(section * size), right: 1, below: width };
    drawSampleOnto(canvas, { x, y, z: z + section, width, height, zoomLevel, plane, seed });
  }
  return data;
}

const cases = stacks.flatMap((stack) =>
  stack.mirrors.map((mirror) => [stack.title, mirror.title, stack, mirror] as const),
);

describe.each([
  ["ImageFetcher", ImageFetcher, 0],
  ["ThreadedImageFetcher", ThreadedImageFetcher, 1],
] as const)("%s", (_name, Fetcher, kind) => {
  test.each(cases.filter((_, number) => isTried(2, kind, number)))(
    "%s, from %s",
    async (_title, title, stack, mirror) => {
      const { projectId, url } = server;
      const client = new CatmaidClient({ baseUrl: url, projectId, token: "sample" });
      await using fetcher = await Fetcher.fromCatmaid(client, stack.id, {
        preferredMirror: title,
        retry: { attempts: 1 },
      });
      expect(fetcher.mirror.tileSourceType).toBe(mirror.type);
      const { lower, upper } = regions[stack.plane];
      // DVID imageblk has level 0 only.
      for (const zoomLevel of mirror.type === 6 ? [0] : [0, 1]) {
        const { data, report } = await fetcher.get([lower, upper], { zoomLevel });
        expect(report).toMatchObject({ outside: 0, filled: [], retries: 0 });
        expect(report.tiles.fetched).toBe(report.tiles.planned);
        const expected = drawn(stack, zoomLevel);
        expect(data).toHaveLength(expected.length);
        if (mirror.format === "jpeg") {
          const errors = [...expected].map((value, i) => Math.abs(Number(value) - Number(data[i])));
          expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(8);
        } else expect(Buffer.compare(Buffer.from(data.buffer), Buffer.from(expected.buffer))).toBe(0);
      }
    },
  );
});
