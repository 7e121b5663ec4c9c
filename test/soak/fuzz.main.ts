import fc from "fast-check";
import { anyStackInfo, type Outcomes, tryStackInfo } from "../support/model/any-stack-info.js";
import { runsAndSeed } from "./runs-and-seed.js";

const parameters = runsAndSeed(100_000);

const outcomes: Outcomes = {};
fc.assert(
  fc.property(anyStackInfo, (info) => tryStackInfo(info, outcomes)),
  parameters,
);
console.log(`good: ${parameters.numRuns} stack infos, seed ${parameters.seed}`, outcomes);
