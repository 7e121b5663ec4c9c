import { onAbort } from "./on-abort.js";

/** Runs something under a signal that aborts when any of the given ones does. Leaves no listener behind. */
export function withAnySignal<T>(
  signals: readonly (AbortSignal | undefined)[],
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return withController(signals, ({ signal }) => run(signal));
}

/** Like {@link withAnySignal}, but gives `run` the controller, so that it can also abort by itself. */
export async function withController<T>(
  signals: readonly (AbortSignal | undefined)[],
  run: (controller: AbortController) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const unlink: (() => void)[] = [];
  for (const signal of signals) {
    if (signal === undefined) continue;
    const abort = (): void => controller.abort(signal.reason);
    if (signal.aborted) abort();
    else unlink.push(onAbort(signal, abort));
  }
  try {
    controller.signal.throwIfAborted();
    return await run(controller);
  } finally {
    for (const remove of unlink) remove();
  }
}
