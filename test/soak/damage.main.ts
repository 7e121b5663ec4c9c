import { parseArgs } from "node:util";
import fc from "fast-check";
import { ImageFetcher } from "../../src/fetcher/image-fetcher.js";
import { anyDamage, DamageTest } from "../support/block-damage.js";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "20000" },
    seed: { type: "string", default: String(Date.now() % 1e6) },
  },
});

const damage = await DamageTest.start((info, options) => ImageFetcher.fromStackInfo(info, options));
try {
  await fc.assert(
    fc.asyncProperty(anyDamage, (one) => damage.judge(one)),
    { numRuns: Number(values.runs), seed: Number(values.seed) },
  );
  console.log(`good: ${values.runs} damaged files of blocks, seed ${values.seed}`, damage.verdicts);
} finally {
  await damage.close();
}
