import type { BenchContext } from "./bench-context.js";

/** The measurements of one contender in one case. */
export interface BenchRow {
  /** Name of the contender. */
  readonly contender: string;
  /** Median, in `unit`. */
  readonly median: number;
  readonly unit: "ms" | "µs/tile" | "tiles/s";
  /** Median of the user and system time of the contender's process, in the unit of the time; absent if unknown. */
  readonly cpu?: number;
  /** Median of the peak resident memory of the contender's process, in MB; absent if the process did anything else. */
  readonly peakMb?: number;
  /** How many times slower than `to` it is, and how many times more CPU time it takes. */
  readonly ratio?: { readonly to: string; readonly times: number; readonly cpuTimes?: number };
  /** Every measurement, in `unit`. */
  readonly samples: readonly number[];
  /** The result of comparing the voxels. */
  readonly check: BenchCheck;
}

/** `"differs"` fails the run. `"inexact"` is for contenders that do not promise exact pixels. */
export interface BenchCheck {
  readonly verdict: "equal" | "inexact" | "differs";
  /** By how much an inexact result is off, or what a wrong result differs from. */
  readonly note?: string;
}

/** One thing to measure, with all contenders. */
export interface BenchCase {
  /** Its group: decode, fetch, order, blocks, export, scaling, browser. */
  readonly group: string;
  /** Name of what is done. */
  readonly name: string;
  run(context: BenchContext): Promise<readonly BenchRow[]>;
}

/** A case and its results. */
export interface BenchResult {
  readonly group: string;
  readonly name: string;
  readonly rows: readonly BenchRow[];
}
