import { patchSide } from "./tissue-patch.js";

/** Successive pixels of one axis that lie in the same square of a lattice. */
export interface LatticeRun {
  /** Index of the first. */
  readonly from: number;
  /** How many. */
  readonly count: number;
  /** Number of the square along the axis. */
  readonly square: number;
}

/** Groups ascending positions by the squares that they lie in, and so that every group fits into a patch. */
export function latticeRuns(positions: Int32Array, spacing: number): LatticeRun[] {
  const runs: LatticeRun[] = [];
  for (let from = 0; from < positions.length; ) {
    const square = Math.floor((positions[from] as number) / spacing);
    const end = (square + 1) * spacing;
    let to = from + 1;
    while (to < positions.length && to - from < patchSide && (positions[to] as number) < end) to++;
    runs.push({ from, count: to - from, square });
    from = to;
  }
  return runs;
}

/** The nodes at both ends of all runs, each once, and the index of each run's first; its other one is the next. */
export function nodesOfRuns(
  runs: readonly LatticeRun[],
  spacing: number,
): { readonly places: Float64Array; readonly leftNodes: readonly number[] } {
  const squares: number[] = [];
  const leftNodes = runs.map(({ square }) => {
    const last = squares.length - 1;
    if (squares[last] === square + 1) return last - 1;
    if (squares[last] !== square) squares.push(square);
    squares.push(square + 1);
    return squares.length - 2;
  });
  return { places: Float64Array.from(squares, (square) => square * spacing), leftNodes };
}
