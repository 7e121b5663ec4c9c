import type { BenchCheck, BenchRow } from "./bench-case.js";

/** One measurement. */
export interface Measurement {
  /** Time in ms. */
  readonly wallMs: number;
  /** User and system time of the process during the measurement, in ms. */
  readonly cpuMs?: number;
  /** Largest resident memory, in MB, if the process did nothing else. */
  readonly peakMb?: number;
  /** SHA-256 of the result. */
  readonly sha256: string;
}

/** A program, or a part of one, that is measured. */
export interface Contender {
  readonly name: string;
  measure(): Promise<Measurement>;
  /** Judges a result that differs from the expected one. Default: the verdict is `"differs"`. */
  judge?(): Promise<BenchCheck>;
}

/** How a case is run. */
export interface Rounds {
  /** Recorded rounds. */
  readonly rounds: number;
  /** Unrecorded rounds before them. Default 1. */
  readonly warmUp?: number;
  /** SHA-256 of the result that is expected of all contenders. */
  readonly expected: string;
  /** Number of things done per round, by which times are divided. Default 1. */
  readonly per?: number;
  /** The contender that the others are compared with. Default: the first. */
  readonly reference?: string;
}

/**
 * Lets the contenders take turns, so that other load on the machine affects all of them. Each round begins with another
 * contender. Every result is checked, even those of unrecorded rounds.
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

/** Adds to each row how many times slower it is than the contender `to`. Adds nothing if there is no such contender. */
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

/** The middle value. If their number is even, the mean of the two middle values. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const high = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  return (low + high) / 2;
}
