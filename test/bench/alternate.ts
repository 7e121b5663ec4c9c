import type { BenchCheck, BenchRow } from "./bench-case.js";

/** One measurement. */
export interface Measurement {
  /** Time in ms. */
  readonly wallMs: number;
  /** User and system time of the process meanwhile, in ms. */
  readonly cpuMs?: number;
  /** Largest resident memory of a process that did only this, in MB. */
  readonly peakMb?: number;
  /** SHA-256 of what was made. */
  readonly sha256: string;
}

/** Somebody who can do what is measured. */
export interface Contender {
  readonly name: string;
  measure(): Promise<Measurement>;
  /** Says what to make of a result that is not the expected one. Default: it differs. */
  judge?(): Promise<BenchCheck>;
}

/** How a case is run. */
export interface Rounds {
  /** Recorded rounds. */
  readonly rounds: number;
  /** Rounds before them that are not recorded. Default 1. */
  readonly warmUp?: number;
  /** SHA-256 that everybody must come to. */
  readonly expected: string;
  /** Things done per round, to divide by. Default 1. */
  readonly per?: number;
  /** Whom the others are compared with. Default: the first. */
  readonly reference?: string;
}

/**
 * Lets the contenders take turns, so that whatever else the machine does falls on all of them. Each round begins with
 * another one. The check is made of every result, also of those that are not recorded.
 */
export async function alternate(contenders: readonly Contender[], options: Rounds): Promise<BenchRow[]> {
  const { rounds, warmUp = 1, expected, per = 1 } = options;
  const seen = contenders.map((contender) => ({
    contender,
    wall: [] as number[],
    cpu: [] as number[],
    peak: [] as number[],
    wrong: undefined as string | undefined,
  }));
  for (let round = -warmUp; round < rounds; round++) {
    for (let turn = 0; turn < seen.length; turn++) {
      const entry = seen[(turn + Math.max(round, 0)) % seen.length];
      if (entry === undefined) continue;
      const { wallMs, cpuMs, peakMb, sha256 } = await entry.contender.measure();
      if (sha256 !== expected) entry.wrong = sha256;
      if (round < 0) continue;
      entry.wall.push(wallMs / per);
      if (cpuMs !== undefined) entry.cpu.push(cpuMs / per);
      if (peakMb !== undefined) entry.peak.push(peakMb);
    }
  }
  const rows: BenchRow[] = [];
  for (const { contender, wall, cpu, peak, wrong } of seen) {
    rows.push({
      contender: contender.name,
      median: median(wall),
      unit: "ms",
      ...(cpu.length > 0 && { cpu: median(cpu) }),
      ...(peak.length > 0 && { peakMb: median(peak) }),
      samples: wall,
      check: wrong === undefined ? { verdict: "equal" } : await judge(contender, wrong, expected),
    });
  }
  return withRatios(rows, options.reference ?? rows[0]?.contender);
}

async function judge(contender: Contender, wrong: string, expected: string): Promise<BenchCheck> {
  const note = `${wrong.slice(0, 8)}, not ${expected.slice(0, 8)}`;
  return (await contender.judge?.()) ?? { verdict: "differs", note };
}

/** Adds to each row how many times it is slower than the one named; nothing where that is not among them. */
export function withRatios(rows: readonly BenchRow[], to: string | undefined): BenchRow[] {
  const reference = rows.find(({ contender }) => contender === to);
  if (to === undefined || reference === undefined) return [...rows];
  return rows.map((row) => {
    const times = row.median / reference.median;
    const cpuTimes = row.cpu !== undefined && reference.cpu ? row.cpu / reference.cpu : undefined;
    return {
      ...row,
      ratio: {
        to,
        times: row.unit === "tiles/s" ? 1 / times : times,
        ...(cpuTimes !== undefined && { cpuTimes }),
      },
    };
  });
}

/** The middle one; of an even number, the mean of the two in the middle. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const high = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  return (low + high) / 2;
}
