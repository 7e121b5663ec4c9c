import type { BenchCase } from "../bench-case.js";
export const browserCases: readonly BenchCase[] = [];
