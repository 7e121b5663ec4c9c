import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { ImageFetcher } from "../../../src/fetcher/image-fetcher.js";
import { anyDamage, DamageTest } from "../../support/block-files/block-damage.js";

test("trap 1: files of blocks with a byte changed, cut, doubled or replaced by HTML give a typed error, or the right voxels where the format can tell", async () => {
  const damage = await DamageTest.start((info, options) => ImageFetcher.fromStackInfo(info, options));
  onTestFinished(() => damage.close());
  await fc.assert(
    fc.asyncProperty(anyDamage, (one) => damage.judge(one)),
    { numRuns: 500 },
  );
  for (const kind of ["flip", "cut", "double", "html"])
    expect(Object.keys(damage.verdicts).join()).toContain(kind);
});
