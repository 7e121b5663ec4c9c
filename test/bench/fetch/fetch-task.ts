import type { Corners } from "../tiles/expected-volume.js";

/** A region to fetch, as processes are told; catpy's driver knows the same words. */
export interface FetchTask {
  /** Stack info; its only mirror is the one to ask. */
  readonly info: object;
  /** Where the data are, for those who read no stack info. */
  readonly url?: string;
  /** In scaled space, in the axis order of `orientation`. */
  readonly roi: Corners;
  /** Axis order of ROI and volume. */
  readonly orientation: string;
  /** Threads; 0 fetches in the calling thread. Default: the fetcher's own default. */
  readonly threads?: number;
  /** Whether the fetcher, its connections and its tiles outlive the task. Default: a new one for each task. */
  readonly keepFetcher?: boolean;
  /** Whether all tasks write into the same memory, as a caller does who gives the same `out` again. */
  readonly keepOut?: boolean;
  /** Where given, the volume is not kept, and all its tiles must be this one. */
  readonly everyTile?: EveryTile;
}

/** A volume of equal square tiles that begins and ends at their edges. */
export interface EveryTile {
  /** Pixels of each, as base64. */
  readonly pixels: string;
  /** How many there are. */
  readonly count: number;
}

/** What came of it. */
export interface FetchAnswer {
  /** From before the fetcher is made (if it is) to the volume, in ms. */
  readonly wallMs: number;
  /** User and system time of the process meanwhile, in ms. */
  readonly cpuMs: number;
  /** Of the volume in C order; of an empty one where it was not kept and all was right. */
  readonly sha256: string;
  /** Largest resident memory of the process until the volume was there, in MB. */
  readonly peakMb: number;
}
