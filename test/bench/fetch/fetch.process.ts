/** Fetches regions with a build of the library, one task after another: `fetch.process.mjs DIST`. */

import type * as Library from "../../../src/index.js";
import { answerLines } from "../answer-lines.js";
import { peakMemoryMb } from "../peak-memory.js";
import { buildUrl } from "../places.js";
import { sha256 } from "../tiles/expected-volume.js";
import { timed } from "../timed.js";
import { EveryTileWriter } from "./every-tile-writer.js";
import type { FetchAnswer, FetchTask } from "./fetch-task.js";

const [folder = "dist"] = process.argv.slice(2);
const library = (await import(buildUrl(folder, "index.node.js").href)) as typeof Library;
let kept: { readonly key: string; readonly fetcher: Library.ImageFetcher } | undefined;
let memory = new Uint8Array(0);
const timeoutMs = 60_000;

await answerLines(run);

async function run(task: FetchTask): Promise<FetchAnswer> {
  const key = JSON.stringify(task);
  if (kept !== undefined && kept.key !== key) {
    await kept.fetcher.close();
    kept = undefined;
  }
  const roi = task.roi as Library.Roi;
  const writer = task.everyTile === undefined ? undefined : new EveryTileWriter(task.everyTile);
  const out = writer ?? (task.keepOut ? memoryFor(roi) : undefined);

  const { result, ...times } = await timed(async () => {
    const fetcher = kept?.fetcher ?? makeFetcher(task);
    const options = { roiMode: "scaled", out: out as Library.VolumeOut | undefined } as const;
    return { fetcher, volume: await fetcher.get(roi, options) };
  });
  const peakMb = peakMemoryMb();
  const { fetcher, volume } = result;

  if (task.keepFetcher) kept = { key, fetcher };
  else await fetcher.close();
  const { filled } = volume.report;
  if (filled.length > 0) throw new Error(`${filled.length} tiles were filled: ${filled[0]?.url}`);
  return { ...times, sha256: sha256(writer?.rest() ?? (volume.data as Uint8Array)), peakMb };
}

/** Filled with a value that no volume has, so that voxels which were not written are noticed. */
function memoryFor([lower = [], upper = []]: Library.Roi): Uint8Array {
  const voxels = Array.from(lower, (bound, axis) => Number(upper[axis]) - Number(bound)).reduce(
    (a, b) => a * b,
  );
  if (memory.length !== voxels) memory = new Uint8Array(voxels);
  return memory.fill(255);
}

function makeFetcher({
  info,
  orientation,
  threads,
  everyTile,
  keepFetcher,
}: FetchTask): Library.ImageFetcher {
  const options = {
    outputOrientation: orientation as Library.Orientation3D,
    timeoutMs,
    // So small that a fetch's memory does not depend on how many tiles were fetched before.
    ...(everyTile !== undefined && { cacheBytes: 1 << 20 }),
    // So large that all tiles of a region of 42 MB are kept.
    ...(keepFetcher && { cacheBytes: 2 ** 30 }),
  };
  return threads === 0
    ? library.ImageFetcher.fromStackInfo(info, options)
    : library.ThreadedImageFetcher.fromStackInfo(info, options);
}
