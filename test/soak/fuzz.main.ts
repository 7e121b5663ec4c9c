import { parseArgs } from "node:util";
import fc from "fast-check";
import { anyStackInfo, type Outcomes, tryStackInfo } from "../support/any-stack-info.js";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "100000" },
    seed: { type: "string", default: String(Date.now() % 1e6) },
  },
});

const outcomes: Outcomes = {};
fc.assert(
  fc.property(anyStackInfo, (info) => tryStackInfo(info, outcomes)),
  { numRuns: Number(values.runs), seed: Number(values.seed) },
);
console.log(`good: ${values.runs} stack infos, seed ${values.seed}`, outcomes);
