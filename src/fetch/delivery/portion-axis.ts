/** One axis of a region that goes to a writer in portions; positions are voxels of the level. */
export interface PortionAxis {
  /** The first voxel of the region. */
  readonly lower: number;
  /** One past the last. */
  readonly upper: number;
  /** Extent of the writer's chunks, which begin at `lower`; 1 if the writer takes any box. */
  readonly chunk: number;
  /** Extent of the source's blocks. */
  readonly block: number;
  /** The first voxel of one of these blocks. */
  readonly origin: number;
  /** The part of the region that blocks of the source serve: its first voxel, and one past its last. */
  readonly served: readonly [from: number, to: number];
}

/** A way to cut an axis: every `step` voxels from `first`, which is at or before the region's first voxel. */
export interface AxisCut {
  readonly first: number;
  readonly step: number;
  /** Extent of the longest portion. */
  readonly longest: number;
  /** How many portions there are. */
  readonly portions: number;
  /** How often a block is requested, on average; 1 if no block lies in two portions. */
  readonly repeats: number;
}

/**
 * The cuts of an axis that are worth trying, all of them at borders of chunks. Some also keep to borders of blocks, if
 * chunks and blocks have borders in common; others cut through blocks. The numbers of portions form a geometric series
 * from 1 to the most possible.
 */
export function axisCuts(axis: PortionAxis): AxisCut[] {
  const { lower, upper, chunk, block } = axis;
  const common = commonBorder(axis);
  const period = common === undefined ? chunk : (chunk / gcd(chunk, block)) * block;
  const periods = Math.ceil((upper - (common ?? lower)) / period);
  const chunks = period / chunk;
  const steps = [
    ...portionNumbers(periods).map((number) => Math.ceil(periods / number) * period),
    ...portionNumbers(chunks).map((number) => Math.ceil(chunks / number) * chunk),
  ];
  return [...new Set(steps)].map((step) => ({
    first: common ?? lower,
    step,
    longest: Math.min(step, upper - lower),
    portions: linesWithin(lower, upper, common ?? lower, step) + 1,
    repeats: repeatsOf(axis, common, step),
  }));
}

function repeatsOf(
  { lower, block, origin, served }: PortionAxis,
  common: number | undefined,
  step: number,
): number {
  const [from, to] = served;
  if (from >= to) return 1;
  const blocks = linesWithin(from, to, origin, block) + 1;
  const cuts = linesWithin(from, to, common ?? lower, step);
  // If the cuts start at a common border, this many of them are also at borders of blocks.
  const kept = common === undefined ? 0 : linesWithin(from, to, common, (step / gcd(step, block)) * block);
  return (blocks + cuts - kept) / blocks;
}

/** The nearest border of a chunk, at or before the region's first voxel, that is also a border of a block. */
function commonBorder({ lower, chunk, block, origin }: PortionAxis): number | undefined {
  // Extended Euclidean algorithm: `factor` chunks are as long as some whole blocks plus `divisor`.
  let [divisor, rest, factor, next] = [block, chunk % block, 0, 1];
  while (rest > 0) {
    const quotient = Math.floor(divisor / rest);
    [divisor, rest, factor, next] = [rest, divisor % rest, next, factor - quotient * next];
  }
  const distance = modulo(lower - origin, block) / divisor;
  if (!Number.isInteger(distance)) return undefined;
  const border = lower - modulo(factor * distance, block / divisor) * chunk;
  // Numbers beyond 2 ** 53 are not exact, so the result is checked.
  return modulo(border - origin, block) === 0 ? border : undefined;
}

/** How many of the lines at `first`, `first + step` … lie between two voxels. */
function linesWithin(from: number, to: number, first: number, step: number): number {
  return Math.ceil((to - first) / step) - Math.floor((from - first) / step) - 1;
}

/** Numbers from 1 to `most`, each about 1.5 times the previous one. */
function portionNumbers(most: number): number[] {
  const numbers: number[] = [];
  for (let number = 1; number < most; number = Math.ceil(number * 1.5)) numbers.push(number);
  return [...numbers, most];
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
