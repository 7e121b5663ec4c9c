import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { ImageFetcher } from "../../../src/fetcher/image-fetcher.js";
import { type SampleServer, startSampleServer } from "../../../src/sample/sample-server.node.js";
import { sampleStacks } from "../../../src/sample/sample-stack.js";

let server: SampleServer;
beforeAll(async () => {
  server = await startSampleServer({ stacks: sampleStacks({ dimension: { x: 300, y: 200, z: 24 } }) });
});
afterAll(() => server.close());

async function open(stack: number, changes: object = {}) {
  const info = await (await fetch(`${server.url}1/stack/${stack}/info`)).json();
  const fetcher = ImageFetcher.fromStackInfo({ ...(info as object), ...changes }, { onWarning: () => {} });
  onTestFinished(() => fetcher.close());
  return fetcher;
}
const asked = (mirror: string): number => server.counts.tiles.get(mirror) ?? 0;

test("a mirror of blocks says what it has of each level, and is asked for that once", async () => {
  const fetcher = await open(4);
  const description = await fetcher.describeMirror("Precomputed, sharded");
  expect(description).toMatchObject({
    mirror: { title: "Precomputed, sharded" },
    blockFormat: "precomputed",
    isLabels: true,
    warnings: [],
  });
  expect(description.levels.map(({ zoomLevel }) => zoomLevel)).toEqual(
    Array.from({ length: fetcher.stack.maxZoomLevel + 1 }, (_, level) => level),
  );
  const [level] = description.levels;
  expect(level).toMatchObject({
    dataType: "uint64",
    encoding: "compressed_segmentation",
    sharded: true,
    lower: [0, 0, 0],
    upper: [24, 200, 300],
  });
  const questions = asked("4/sharded");
  expect(await fetcher.describeMirror(2)).toEqual(description);
  expect(asked("4/sharded")).toBe(questions);
});

test("of N5 the compression is the encoding, and the mirror in use is described where none is named", async () => {
  const fetcher = await open(4);
  expect((await fetcher.describeMirror()).levels[0]).toMatchObject({ encoding: "gzip", sharded: false });
});

test("a mirror of tiles is described without a request", async () => {
  const fetcher = await open(1);
  const before = asked("1/query");
  const { blockFormat, isLabels, levels } = await fetcher.describeMirror("Request query, PNG");
  expect({ blockFormat, isLabels }).toEqual({ blockFormat: undefined, isLabels: false });
  expect(levels[0]).toEqual({
    zoomLevel: 0,
    dataType: "uint8",
    blockShape: [1, 256, 256],
    origin: [0, 0, 0],
    encoding: "png",
    sharded: false,
    lower: [0, 0, 0],
    upper: [24, 200, 300],
  });
  expect(asked("1/query")).toBe(before);
});

test("a level that the mirror does not have is told with the reason, beside those that it has", async () => {
  const fetcher = await open(4, { num_zoom_levels: 9 });
  const { levels } = await fetcher.describeMirror("Precomputed");
  expect(levels).toHaveLength(10);
  expect(levels[0]).toMatchObject({ dataType: "uint64" });
  expect(levels[9]).toEqual({ zoomLevel: 9, problem: expect.stringContaining("cannot serve zoom level 9") });
});

test("a mirror that the stack does not have, or whose metadata are not there, is an error that says so", async () => {
  const fetcher = await open(4);
  await expect(fetcher.describeMirror("none")).rejects.toMatchObject({
    code: "invalid-option",
    message: 'the stack does not have this mirror: "none"',
  });
  const gone = await open(4, {
    mirrors: [
      {
        id: 1,
        title: "gone",
        position: 0,
        image_base: `${server.url}nowhere/%SCALE_DATASET%/0_1_2`,
        file_extension: "",
        tile_width: 64,
        tile_height: 64,
        tile_source_type: 11,
      },
    ],
  });
  await expect(gone.describeMirror()).rejects.toMatchObject({ code: "unsupported-mirror" });
  await expect(fetcher.describeMirror(0, { signal: AbortSignal.abort("enough") })).rejects.toBe("enough");
});
