import fc from "fast-check";
import { decodeJpeg } from "../../workers/decode/jpeg/decode-jpeg.js";
import { decodeJpegWasm } from "../../workers/decode/jpeg/decode-jpeg-wasm.js";
import { decodePng } from "../../workers/decode/png/decode-png.js";
import { decodePngWasm } from "../../workers/decode/png/decode-png-wasm.js";
import type { WantedPixels } from "../../workers/decode/wanted-pixels.js";
import { withRightChecksums } from "../support/images/build-png.js";
import { verdictOf } from "../support/images/decode-verdict.js";
import { jpegFixtures } from "../support/images/jpeg-fixtures.js";
import { kernelsForTests } from "../support/images/kernels-for-tests.js";
import { mutate, mutations } from "../support/images/mutate-file.js";
import { pngFixtures } from "../support/images/png-fixtures.js";
import { runsAndSeed } from "./runs-and-seed.js";

const parameters = runsAndSeed(20_000);
const limit = { width: 200, height: 200 };
const kernels = await kernelsForTests();
let longestMs = 0;

for (const { name, png, channels } of pngFixtures) {
  const wanted: WantedPixels = { dataType: "uint16", channel: "3" in channels ? 3 : "grey" };
  const files = fc.tuple(mutations, fc.boolean()).map(([changes, repaired]) => {
    const mutated = mutate(png, changes);
    return repaired ? withRightChecksums(mutated) : mutated;
  });
  fuzz(
    name,
    files,
    (file) => decodePng(file, limit, wanted),
    (file) => decodePngWasm(kernels, file, limit, wanted),
  );
}
for (const { name, jpeg } of jpegFixtures) {
  fuzz(
    name,
    mutations.map((changes) => mutate(jpeg, changes)),
    (file) => decodeJpeg(file, limit),
    (file) => decodeJpegWasm(kernels, file, limit) ?? decodeJpeg(file, limit),
  );
}
console.log(
  `good: ${parameters.numRuns} files of each kind, seed ${parameters.seed}; the longest took ${longestMs} ms`,
);

type Decode = Parameters<typeof verdictOf>[0];

/** Both decoders must come to the same verdict; a trap or any error that is not typed is thrown. */
function fuzz(
  name: string,
  files: fc.Arbitrary<Uint8Array>,
  plain: (file: Uint8Array) => ReturnType<Decode>,
  wasm: (file: Uint8Array) => ReturnType<Decode>,
): void {
  const verdicts: Record<string, number> = {};
  fc.assert(
    fc.property(files, (file) => {
      const begun = performance.now();
      const expected = verdictOf(() => plain(file));
      const found = verdictOf(() => wasm(file));
      longestMs = Math.max(longestMs, Math.ceil(performance.now() - begun));
      if (found !== expected) throw new Error(`wasm: ${found}\nTypeScript: ${expected}`);
      const verdict = /^\d/.test(found) ? "an image" : found;
      verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
    }),
    parameters,
  );
  console.log(`${name}: ${JSON.stringify(verdicts)}`);
}
