import { parseArgs } from "node:util";

/** Reads `--runs N` and `--seed N` for fast-check. Default: the given number of runs, and another seed each time. */
export function runsAndSeed(runs: number): { readonly numRuns: number; readonly seed: number } {
  const { values } = parseArgs({ options: { runs: { type: "string" }, seed: { type: "string" } } });
  return { numRuns: Number(values.runs ?? runs), seed: Number(values.seed ?? Date.now() % 1e6) };
}
