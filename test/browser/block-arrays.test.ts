import { afterAll, expect, inject, onTestFinished, test } from "vitest";
import type { ImageFetcher } from "../../src/fetcher/image-fetcher.js";
import { closeSharedPools } from "../../src/pool/shared-pool.js";
import { blockArray, blockStackInfo } from "../support/blocks/block-arrays.js";
import { describeBlockArrays } from "../support/blocks/block-arrays-conformance.js";
import { bothPlaces, type MakeFetcher, promptRetry } from "../support/fetching/fetcher-kinds.js";
import { sha256 } from "../support/sha-256.js";

afterAll(closeSharedPools);

describeBlockArrays(() => `${inject("blockServer")}/a/`, 6);

const shards = blockArray("precomputed/sharded_identity_raw/s0");
const all = [[0, 0, 0], shards.shape] as const;

/** A fetcher for shards of a mirror that has the fault that it is named after. */
function fetcherOf(make: MakeFetcher, fault: string): ImageFetcher {
  const info = blockStackInfo(shards, [`${inject("blockServer")}/${fault}/`]);
  const fetcher = make(info, { retry: promptRetry });
  onTestFinished(() => fetcher.close());
  return fetcher;
}

test.each(bothPlaces)("trap 21: %s uses a range that comes in another way", async (_name, make) => {
  for (const fault of ["whole", "unnamed"])
    expect(await sha256((await fetcherOf(make, fault).get(all)).data), fault).toBe(shards.sha256);
});

test.each(bothPlaces)(
  "trap 21: %s refuses a range that is another one, or that a browser does not unpack",
  async (_name, make) => {
    for (const fault of ["shifted", "shorter", "outside", "gzip"])
      await expect(fetcherOf(make, fault).get(all), fault).rejects.toMatchObject({ code: "tile-fetch" });
  },
);
