import { describe, expect, test } from "vitest";
import { MirrorRequests } from "../../src/mirror-requests.js";
import type { FetchProgress } from "../../src/fetch-report.js";
import { axisOrders, reorder } from "../../src/space/axis-order.js";
import type { MakeFetcher } from "./fetcher-kinds.js";
import { openFetcher } from "./fetcher-kinds.js";
import type { ModelRegion } from "./model-stack.js";
import { expectedVolume } from "./model-stack.js";

const plain = { orientation: "zyx", handling: "fill", fillValue: 0, zoomLevel: 0 } as const;

/** What every fetcher does where nothing is wrong. */
export function describeImageFetcher(name: string, make: MakeFetcher): void {
  void MirrorRequests;
  describe(`${name}: regions`, () => {
    test("stack space is voxels of level 0, half-open, rounded outward", async () => {
      const { fetcher, server } = await openFetcher(make);
      const volume = await fetcher.get([
        [2, 40.5, 60],
        [4, 50, 70.25],
      ]);
      const region = { ...plain, lower: [2, 40, 60], upper: [4, 50, 71] } as const;
      expect(volume).toMatchObject({ shape: [2, 10, 11], origin: [2, 40, 60], zoomLevel: 0, orientation: "zyx" });
      expect(volume.resolution).toEqual([35, 5, 4]);
      expect(volume.data).toEqual(expectedVolume(server.stack, region).data);
    });
  });
}
