import fc from "fast-check";
import { ImageFetcher } from "../../src/fetcher/image-fetcher.js";
import { anyDamage, DamageTest } from "../support/block-files/block-damage.js";
import { runsAndSeed } from "./runs-and-seed.js";

const parameters = runsAndSeed(20_000);

const damage = await DamageTest.start((info, options) => ImageFetcher.fromStackInfo(info, options));
try {
  await fc.assert(
    fc.asyncProperty(anyDamage, (one) => damage.judge(one)),
    parameters,
  );
  console.log(
    `good: ${parameters.numRuns} damaged files of blocks, seed ${parameters.seed}`,
    damage.verdicts,
  );
} finally {
  await damage.close();
}
