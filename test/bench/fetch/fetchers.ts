import { availableParallelism } from "node:os";
import type { Contender } from "../alternate.js";
import type { BenchContext } from "../bench-context.js";
import { LineProcess } from "../line-process.js";
import { libraryFolder, programPath, pythonCommand } from "../places.js";
import type { FetchAnswer, FetchTask } from "./fetch-task.js";

/** A contender that fetches regions: a program, and its options. */
export interface RegionFetcher {
  readonly name: string;
  readonly command: readonly string[];
  readonly task: Partial<FetchTask>;
}

const ours = [process.execPath, programPath("fetch.process.mjs")];

/** The threaded fetcher without options. It uses the workers that earlier tasks left in its process. */
export const threaded: RegionFetcher = { name: "ours", command: [...ours, libraryFolder], task: {} };

/** The same, writing into memory that was used before, which saves the cost of new pages. */
export const threadedOut: RegionFetcher = { ...threaded, name: "ours, out reused", task: { keepOut: true } };

/** The fetcher of the calling thread. */
export const inProcess: RegionFetcher = { ...threaded, name: "ours, no workers", task: { threads: 0 } };

/** The same fetcher in another build of the library (BENCH_BASELINE, a dist folder). */
export function baselineOf(fetcher: RegionFetcher): RegionFetcher[] {
  const folder = process.env["BENCH_BASELINE"];
  if (folder === undefined || folder === "") return [];
  return [{ ...fetcher, name: `baseline${fetcher.name.slice(4)}`, command: [...ours, folder] }];
}

/**
 * catpy (CATPY_PATH), with a thread per core, which is its best, and with its default of ten. For a single tile, its
 * fetcher without threads replaces the first.
 */
export async function catpy(context: BenchContext, little = false): Promise<RegionFetcher[]> {
  const python = await context.python();
  if (!process.env["CATPY_PATH"] || python === undefined) return [];
  const command = pythonCommand(python, "fetch/catpy_fetch.py");
  const threads = little ? 0 : availableParallelism();
  return [
    { name: little ? "catpy, no threads" : `catpy, ${threads} threads`, command, task: { threads } },
    { name: "catpy, default: 10 threads", command, task: {} },
  ];
}

/** Runs a fetcher in a process that lives on for later tasks and cases. */
export function inWarmProcess(context: BenchContext, fetcher: RegionFetcher, task: FetchTask): Contender {
  const { name, command } = fetcher;
  return {
    name,
    async measure() {
      const child = context.lineProcess(name, command);
      // The peak is left out, because it includes all earlier tasks.
      const { peakMb: _, ...answer } = await child.ask<FetchAnswer>({ ...task, ...fetcher.task });
      return answer;
    },
  };
}

/** Runs a fetcher in a new process, after the tasks `before`. The peak of its memory is measured too. */
export function inNewProcess(
  fetcher: RegionFetcher,
  task: FetchTask,
  before: readonly FetchTask[] = [],
): Contender {
  return {
    name: fetcher.name,
    async measure() {
      const [command = "", ...args] = fetcher.command;
      const child = new LineProcess(command, args);
      try {
        for (const earlier of before) await child.ask({ ...earlier, ...fetcher.task });
        return await child.ask<FetchAnswer>({ ...task, ...fetcher.task });
      } finally {
        await child.close();
      }
    },
  };
}
