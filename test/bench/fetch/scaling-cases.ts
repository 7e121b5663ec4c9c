import { alternate } from "../alternate.js";
import type { BenchCase, BenchRow } from "../bench-case.js";
import type { BenchContext } from "../bench-context.js";
import { stackInfo } from "../tiles/bench-stack.js";
import { sha256 } from "../tiles/expected-volume.js";
import { sameTile, sameTileSide } from "../tiles/same-tile.js";
import type { FetchTask } from "./fetch-task.js";
import { baselineOf, catpy, inNewProcess, inProcess, threaded } from "./fetchers.js";

const [columns, rows, sections] = [10, 10, 1000];

/** Numbers of tiles, and the extents of the regions in tiles along z, y and x. */
const sizes = [
  { tiles: 100, extent: [1, 10, 10], rounds: 5 },
  { tiles: 1000, extent: [10, 10, 10], rounds: 3 },
  { tiles: 10_000, extent: [100, 10, 10], rounds: 1 },
  { tiles: 100_000, extent: [1000, 10, 10], rounds: 1 },
] as const;

type Size = (typeof sizes)[number];

/** catpy's time and memory per tile grow with the region, so larger regions would take minutes. */
const mostForCatpy = 1000;

/**
 * Time and memory per tile for regions of any size. Tiles of 64 × 64, which the server need not draw, go to a writer
 * that keeps nothing. If either grows, the library is the cause.
 */
export const scalingCases: readonly BenchCase[] = sizes.map((size) => ({
  group: "scaling",
  name: `${size.tiles.toLocaleString("en")} tiles of 64 × 64`,
  run: (context) => race(context, size),
}));

/** Runs in new processes, because memory is measured. Each has fetched a hundred tiles three times before. */
async function race(context: BenchContext, size: Size): Promise<BenchRow[]> {
  const { origin } = await context.server();
  const before = Array.from({ length: 3 }, () => taskOf(origin, sizes[0]));
  const fetchers = [
    threaded,
    ...baselineOf(threaded),
    inProcess,
    ...(size.tiles <= mostForCatpy ? await catpy(context) : []),
  ];
  const found = await alternate(
    fetchers.map((fetcher) => inNewProcess(fetcher, taskOf(origin, size), before)),
    {
      rounds: context.rounds(size.rounds),
      warmUp: 0,
      expected: sha256(new Uint8Array(0)),
      per: size.tiles / 1000,
    },
  );
  return found.map((row) => ({ ...row, unit: "µs/tile" }));
}

function taskOf(origin: string, { tiles, extent }: Size): FetchTask {
  const dimension = { x: columns * sameTileSide, y: rows * sameTileSide, z: sections };
  const mirror = {
    key: "same",
    extension: "png",
    tileWidth: sameTileSide,
    tileHeight: sameTileSide,
  } as const;
  const [z, y, x] = extent;
  return {
    info: stackInfo(mirror, origin, dimension),
    roi: [
      [0, 0, 0],
      [z, y * sameTileSide, x * sameTileSide],
    ],
    orientation: "zyx",
    everyTile: { pixels: Buffer.from(sameTile()).toString("base64"), count: tiles },
  };
}
