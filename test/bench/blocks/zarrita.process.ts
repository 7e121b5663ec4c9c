/** Fetches regions of Zarr arrays with zarrita, one task after another. */

import * as zarrita from "zarrita";
import { answerLines } from "../answer-lines.js";
import type { FetchAnswer, FetchTask } from "../fetch/fetch-task.js";
import { peakMemoryMb } from "../peak-memory.js";
import { sha256 } from "../tiles/expected-volume.js";
import { timed } from "../timed.js";

await answerLines(async ({ url = "", roi: [lower, upper] }: FetchTask): Promise<FetchAnswer> => {
  const { result, ...times } = await timed(async () => {
    const array = await zarrita.open.v2(new zarrita.FetchStore(url), { kind: "array", attrs: false });
    const slices = lower.map((from, axis) => zarrita.slice(from, upper[axis] ?? from));
    return zarrita.get(array as zarrita.Array<"uint8">, slices);
  });
  return { ...times, sha256: sha256(result.data), peakMb: peakMemoryMb() };
});
