/** A turn on the thread, as `thread-turn.ts` has it. */
export interface Turn {
  /** Whether the turn has lasted long enough. */
  readonly over: boolean;
  /** Lets other work have a turn. Rejects if this work is to end. */
  pass(): Promise<void>;
}

/** Works through the pieces, and passes the turn when it is over. Returns nothing if that was not necessary. */
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
    // In a loop, and with no await before the work: another task that waited may use up the next turn as well.
    while (turn.over) await turn.pass();
    work(next.value);
  }
}
