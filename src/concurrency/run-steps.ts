import { onAbort } from "./on-abort.js";

/**
 * Runs the steps of a lazy plan, at most `width` of them at a time, and pulls a step only when there is room for it.
 * The first failure aborts the others, waits until they have settled, and rejects. When `signal` aborts, rejects at
 * once with its reason; no step starts afterwards.
 *
 * @param run - Runs one step; may return nothing when it is done already. Must stop when its signal aborts, and must
 *   leave the thread to others now and then (`ThreadTurn`): steps that are done at once are run in a row.
 */
export async function runSteps<T>(
  steps: Iterable<T>,
  width: number,
  run: (step: T, signal: AbortSignal) => void | Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  signal?.throwIfAborted();
  const inner = new AbortController();
  const iterator = steps[Symbol.iterator]();
  let failure: { readonly error: unknown } | undefined;
  const lane = async (): Promise<void> => {
    try {
      for (;;) {
        if (inner.signal.aborted) return;
        const { done, value } = iterator.next();
        if (done) return;
        const running = run(value, inner.signal);
        if (running !== undefined) await running;
      }
    } catch (error) {
      failure ??= { error };
      inner.abort(error);
    }
  };
  let stopListening = (): void => {};
  const aborted = new Promise<void>((resolve) => {
    if (signal === undefined) return;
    stopListening = onAbort(signal, () => {
      failure ??= { error: signal.reason };
      inner.abort(signal.reason);
      resolve();
    });
  });
  try {
    await Promise.race([Promise.all(Array.from({ length: width }, lane)), aborted]);
  } finally {
    stopListening();
    iterator.return?.();
  }
  if (failure !== undefined) throw failure.error;
}
