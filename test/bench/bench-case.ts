import type { BenchContext } from "./bench-context.js";

/** What was measured of one contender in one case. */
export interface BenchRow {
  /** Who did it. */
  readonly contender: string;
  /** Median, in `unit`. */
  readonly median: number;
  readonly unit: "ms" | "µs/tile" | "tiles/s";
  /** User and system time of the contender's process, median, in the unit of the time; absent where unknown. */
  readonly cpu?: number;
  /** Peak of the resident memory of the contender's process, median, in MB; absent where that did more than this. */
  readonly peakMb?: number;
  /** How many times slower than `to`, and how many times more CPU time. */
  readonly ratio?: { readonly to: string; readonly times: number; readonly cpuTimes?: number };
  /** Every measurement, in `unit`. */
  readonly samples: readonly number[];
  /** Whether the voxels were compared, and what came out. */
  readonly check: BenchCheck;
}

/** `"differs"` fails the run; `"inexact"` is a contender that does not promise exact pixels. */
export interface BenchCheck {
  readonly verdict: "equal" | "inexact" | "differs";
  /** Of what is inexact: by how much. Of what differs: from what. */
  readonly note?: string;
}

/** One thing to measure, with all that contend in it. */
export interface BenchCase {
  /** What it belongs to: decode, fetch, order, blocks, export, scaling, browser. */
  readonly group: string;
  /** What is done. */
  readonly name: string;
  run(context: BenchContext): Promise<readonly BenchRow[]>;
}

/** A case and what came of it. */
export interface BenchResult {
  readonly group: string;
  readonly name: string;
  readonly rows: readonly BenchRow[];
}
