import { alternate } from "../alternate.js";
import type { BenchCase, BenchRow } from "../bench-case.js";
import type { BenchContext } from "../bench-context.js";
import type { FetchTask } from "../fetch/fetch-task.js";
import {
  baselineOf,
  inProcess,
  inWarmProcess,
  type RegionFetcher,
  threaded,
  threadedOut,
} from "../fetch/fetchers.js";
import { programPath } from "../places.js";
import { type Corners, expectedSha256 } from "../tiles/expected-volume.js";
import { blockVolume, folderOf, n5StackInfo, type Packing, packings } from "./block-volume.js";

/** Regions of 64 × 512 × 512 voxels in z, y, x. */
const regions = {
  /** 64 blocks. */
  aligned: [
    [0, 0, 0],
    [64, 512, 512],
  ],
  /** 162 blocks, most of which are wanted only in part. */
  unaligned: [
    [5, 9, 11],
    [69, 521, 523],
  ],
} as const satisfies Record<string, Corners>;

const titles: Readonly<Record<Packing, string>> = { raw: "raw", gzip: "gzip", blosc: "Blosc-zstd" };

/** Blocks of 64³ bytes. Ours reads N5, zarrita the same bytes as Zarr, and CATMAID's own reader what it supports. */
export const blockCases: readonly BenchCase[] = packings.flatMap((packing) =>
  (["aligned", "unaligned"] as const).map((region) => ({
    group: "blocks",
    name: `${titles[packing]} 64³, ${region} 512 × 512 × 64`,
    run: (context) => race(context, packing, regions[region]),
  })),
);

async function race(context: BenchContext, packing: Packing, region: Corners): Promise<BenchRow[]> {
  const folder = await context.tiles();
  const { origin } = await context.server();
  const task: FetchTask = { info: n5StackInfo(packing, origin), roi: region, orientation: "zyx" };
  const fetchers = [
    threaded,
    ...baselineOf(threaded),
    threadedOut,
    inProcess,
    zarrita(`${origin}/${folderOf("zarr", packing)}`),
    ...(packing === "blosc" ? [] : n5Wasm(`${origin}/${folderOf("n5", packing)}`)),
  ];
  return alternate(
    fetchers.map((fetcher) => inWarmProcess(context, fetcher, task)),
    {
      rounds: context.rounds(15),
      warmUp: 3,
      expected: expectedSha256(folder, { volume: "blocks", extent: blockVolume }, region),
    },
  );
}

function zarrita(url: string): RegionFetcher {
  return { name: "zarrita", command: [process.execPath, programPath("zarrita.process.mjs")], task: { url } };
}

/** The N5 reader of CATMAID's viewer (N5_WASM_PATH), which does not read Blosc. */
function n5Wasm(url: string): RegionFetcher[] {
  const { N5_WASM_PATH: folder } = process.env;
  if (folder === undefined || folder === "") return [];
  const command = [process.execPath, programPath("n5-wasm.process.mjs"), folder];
  return [{ name: "n5-wasm", command, task: { url } }];
}
