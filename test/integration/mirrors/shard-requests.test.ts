import { afterAll, describe, expect, test } from "vitest";
import { closeSharedPools } from "../../../src/pool/shared-pool.js";
import { openBlocks } from "../../support/blocks/open-blocks.js";
import { oneKind } from "../../support/fetching/fetcher-kinds.js";
import {
  isFewest,
  type ShardRequests,
  shardedArrays,
  sortShardRequests,
} from "../../support/servers/shard-requests.js";

afterAll(closeSharedPools);

describe.each(oneKind)("%s", (_name, make) => {
  test.each(shardedArrays)(
    "trap 23: %s is asked for each index once, and for chunks that lie one behind another at once",
    async (name, minishardBits, isGzip) => {
      const { fetcher, server, all } = await openBlocks(make, name, { options: { cacheBytes: 0 } });
      const asked = (): ShardRequests => sortShardRequests(server.requests, minishardBits, isGzip);
      await fetcher.get(all);
      const first = asked();
      expect(first).toSatisfy(isFewest);
      await fetcher.get(all);
      const second = asked();
      expect(second.shardIndexes + second.minishardIndexes).toBe(first.shardIndexes + first.minishardIndexes);
      expect(second.runs).toBe(2 * first.runs);
    },
  );
});
