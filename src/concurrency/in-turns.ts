/** A turn on the thread, as `thread-turn.ts` has it. */
export interface Turn {
  /** Whether it has lasted long enough. */
  readonly over: boolean;
  /** Lets others have theirs. Rejects when nothing is to follow. */
  pass(): Promise<void>;
}

/** Works through the pieces, as many in a turn as it lasts. Returns nothing where no turn had to be passed. */
export function inTurns<T>(
  pieces: Iterator<T, void>,
  work: (piece: T) => void,
  turn: Turn,
): void | Promise<void> {
  for (let next = pieces.next(); !next.done; next = pieces.next()) {
    if (turn.over) return proceed(next, pieces, work, turn);
    work(next.value);
  }
}

async function proceed<T>(
  first: IteratorResult<T, void>,
  others: Iterator<T, void>,
  work: (piece: T) => void,
  turn: Turn,
): Promise<void> {
  for (let next = first; !next.done; next = others.next()) {
    // In a loop, and with no await before the work: of many who wait, the first may use the next turn up as well.
    while (turn.over) await turn.pass();
    work(next.value);
  }
}
