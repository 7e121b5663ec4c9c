import canaries from "../../fixtures/vectors/catmaid-canary.json" with { type: "json" };
import urls from "../../fixtures/vectors/catmaid-urls.json" with { type: "json" };
import visible from "../../fixtures/vectors/catmaid-visible.json" with { type: "json" };
import { n5Checks } from "../../support/block-files/n5-vectors.js";
import { precomputedChecks } from "../../support/block-files/precomputed-vectors.js";
import { blockCoordsForLocation } from "../../support/blocks/block-location-vectors.js";
import { isOfBlocks } from "../../support/blocks/block-vectors.js";
import type { VectorCheck, VectorRow } from "../../support/model/vectors.js";
import { checkVectors } from "../../support/model/vectors.js";

const rows = [...urls, ...canaries, ...visible] as unknown as readonly VectorRow[];
const checksOfType: Readonly<Record<number, Readonly<Record<string, VectorCheck>>>> = {
  11: n5Checks,
  14: precomputedChecks,
};

checkVectors("catmaid-blocks", rows.filter(isOfBlocks), ({ input }) => {
  const { fn = "", tileSourceType = 0 } = input as { fn?: string; tileSourceType?: number };
  return fn === "blockCoordsForLocation" ? blockCoordsForLocation : checksOfType[tileSourceType]?.[fn];
});
