/** Fetches regions of Zarr arrays with zarrita, one task after another. */

import { createHash } from "node:crypto";
import * as zarrita from "zarrita";
import { answerLines } from "../answer-lines.js";
import type { FetchAnswer, FetchTask } from "../fetch/fetch-task.js";
import { peakMemoryMb } from "../peak-memory.js";

await answerLines(async ({ url = "", roi: [lower, upper] }: FetchTask): Promise<FetchAnswer> => {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const array = await zarrita.open.v2(new zarrita.FetchStore(url), { kind: "array", attrs: false });
  const slices = lower.map((from, axis) => zarrita.slice(from, upper[axis] ?? from));
  const { data } = await zarrita.get(array as zarrita.Array<"uint8">, slices);
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  const sha256 = createHash("sha256").update(data).digest("hex");
  return { wallMs, cpuMs: (user + system) / 1000, sha256, peakMb: peakMemoryMb() };
});
