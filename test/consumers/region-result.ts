import { createHash } from "node:crypto";
import { testRegionVoxels } from "../support/test-stack.js";
import type { ConsumerPackage } from "./consumer.js";

/** What `fetch-region.js` answers. */
export interface RegionResult {
  readonly shape: readonly number[];
  /** SHA-256 of the volume that workers fetched. */
  readonly threaded: string;
  /** SHA-256 of the one that the calling thread fetched and a writer wrote. */
  readonly inProcess: string;
  /** How many tiles came from workers. */
  readonly tilesOfWorkers: number;
  readonly warnings: readonly string[];
}

const sha256 = createHash("sha256").update(Uint8Array.from(testRegionVoxels())).digest("hex");

/** What every consumer must find: five sections of four by four tiles, all of them from workers. */
export const rightRegion: RegionResult = {
  shape: [5, 99, 132],
  threaded: sha256,
  inProcess: sha256,
  tilesOfWorkers: 80,
  warnings: [],
};

declare module "vitest" {
  interface TaskMeta {
    /** What a test of a consumer has to say for `docs/compatibility.md`. */
    consumer?: { readonly packages: readonly ConsumerPackage[]; readonly result?: RegionResult };
  }
}
