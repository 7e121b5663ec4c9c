import { availableParallelism } from "node:os";
import type { Contender, Measurement } from "../alternate.js";
import type { BenchContext } from "../bench-context.js";
import { LineProcess } from "../line-process.js";
import { libraryFolder, programPath, projectPath } from "../places.js";
import type { FetchAnswer, FetchTask } from "./fetch-task.js";

/** Somebody who fetches regions: a program, and how it is told to. */
export interface RegionFetcher {
  readonly name: string;
  readonly command: readonly string[];
  readonly task: Partial<FetchTask>;
}

const threads = availableParallelism();
const ours = [process.execPath, programPath("fetch.process.mjs")];

/** The threaded fetcher without options, its pool made and ended within the task. */
export const threadedNew: RegionFetcher = {
  name: "ours, as it comes",
  command: [...ours, libraryFolder],
  task: { ownPool: true },
};

/** The threaded fetcher, its workers started at once and ended within the task. */
export const threaded: RegionFetcher = threadedBy(threads);

/** The threaded fetcher with workers that the process has started before. */
export const threadedWarm: RegionFetcher = {
  ...threadedNew,
  name: `ours, ${threads} workers kept`,
  task: { threads },
};

/** The same, into memory that was used before: without what fresh pages cost. */
export const threadedOut: RegionFetcher = {
  ...threaded,
  name: `ours, ${threads} workers kept, out reused`,
  task: { threads, keepOut: true },
};

/** The fetcher of the calling thread. */
export const inProcess: RegionFetcher = { ...threadedNew, name: "ours, no workers", task: { threads: 0 } };

/** So many workers. */
export function threadedBy(workers: number): RegionFetcher {
  const name = workers === 1 ? "ours, 1 worker" : `ours, ${workers} workers`;
  return { ...threadedNew, name, task: { ownPool: true, threads: workers } };
}

/** Another build of ours (BENCH_BASELINE, a dist folder), as `fetcher` is run. */
export function baselineOf(fetcher: RegionFetcher): RegionFetcher[] {
  const folder = process.env["BENCH_BASELINE"];
  if (folder === undefined || folder === "") return [];
  return [{ ...fetcher, name: `baseline${fetcher.name.slice(4)}`, command: [...ours, folder] }];
}

/** catpy (CATPY_PATH) with numbers of threads; 0 is its fetcher without threads, undefined its default. */
export async function catpy(
  context: BenchContext,
  ...threadCounts: readonly (number | undefined)[]
): Promise<RegionFetcher[]> {
  const python = await context.python();
  if (!process.env["CATPY_PATH"] || python === undefined) return [];
  const command = [python, projectPath("test/bench/fetch/catpy_process.py")];
  return threadCounts.map((count) => ({
    name: count === 0 ? "catpy, no threads" : `catpy, ${count ?? "default: 10"} threads`,
    command,
    task: count === undefined ? {} : { threads: count },
  }));
}

/** A fetcher in a process that stays for further tasks and cases. */
export function inWarmProcess(context: BenchContext, fetcher: RegionFetcher, task: FetchTask): Contender {
  return {
    name: fetcher.name,
    measure: () =>
      context.lineProcess(fetcher.name, fetcher.command).ask<FetchAnswer>({ ...task, ...fetcher.task }),
  };
}

/** A fetcher in a process of its own; `measure` says what is measured of it. */
export function inNewProcess(
  fetcher: RegionFetcher,
  task: FetchTask,
  measure: (answer: FetchAnswer, startedAt: number) => number,
): Contender {
  return {
    name: fetcher.name,
    async measure(): Promise<Measurement> {
      const startedAt = Date.now();
      const [command = "", ...args] = fetcher.command;
      const child = new LineProcess(command, args);
      try {
        const answer = await child.ask<FetchAnswer>({ ...task, ...fetcher.task });
        return { ...answer, wallMs: measure(answer, startedAt) };
      } finally {
        await child.close();
      }
    },
  };
}
